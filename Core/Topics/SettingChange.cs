namespace Orleans.Pipeline;

/// <summary>An optional new value for a setting; without one, the setting keeps its value. Converts implicitly from the value.</summary>
/// <param name="Value">The new value.</param>
/// <typeparam name="T">The type of the setting.</typeparam>
public readonly record struct SettingChange<T>(T Value)
{
    /// <summary>Gets whether there is a new value; false for <c>default</c>.</summary>
    public bool IsSet { get; } = true;

    /// <summary>Converts a value to a change.</summary>
    /// <param name="value">The new value.</param>
    public static implicit operator SettingChange<T>(T value) => new(value);

    /// <summary>Returns the new value, or the present one if there is none.</summary>
    /// <param name="present">The present value.</param>
    public T Or(T present) => IsSet ? Value : present;
}
