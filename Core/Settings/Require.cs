namespace Orleans.Pipeline;

/// <summary>Checks values of settings. Each error names the setting, its value and what is allowed.</summary>
public static class Require
{
    /// <summary>Requires that a setting is in range.</summary>
    /// <param name="holds">Whether the value is in range.</param>
    /// <param name="owner">The owner of the setting, such as <c>producer</c>.</param>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">The setting's value.</param>
    /// <param name="allowed">The allowed values, such as <c>1 or more</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static void That(bool holds, string owner, string name, object? value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"The {owner} setting {name} is {value}; give {allowed}.");
        }
    }

    /// <summary>Requires that a time is positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public static void Positive(string owner, string name, TimeSpan value) =>
        That(value > TimeSpan.Zero, owner, name, value, "a positive time");

    /// <summary>Requires that a number is positive.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The setting in words, such as <c>Group bytes</c>.</param>
    /// <exception cref="ArgumentException">The number is not positive.</exception>
    public static void Positive(long value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} is {value}; give a positive number.");
        }
    }
}
