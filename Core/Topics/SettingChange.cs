namespace Orleans.Pipeline;

/// <summary>A new value for a setting, or none: then the setting stays as it is. A value converts to it by itself.</summary>
/// <param name="Value">The new value.</param>
/// <typeparam name="T">The type of the setting.</typeparam>
public readonly record struct SettingChange<T>(T Value)
{
    /// <summary>Whether there is a new value; not so for <c>default</c>.</summary>
    public bool IsSet { get; } = true;

    /// <summary>Makes a value the new one.</summary>
    /// <param name="value">The new value.</param>
    public static implicit operator SettingChange<T>(T value) => new(value);

    /// <summary>The new value, or the present one if there is none.</summary>
    /// <param name="present">The present value.</param>
    public T Or(T present) => IsSet ? Value : present;
}
