using System.Globalization;

namespace Orleans.Pipeline.Support;

/// <summary>Environment variables that change how tests run.</summary>
public static class TestSettings
{
    /// <summary>Gets a number; null where the variable is not set.</summary>
    public static int? Int(string variable) => Text(variable) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Gets a text; null where the variable is not set.</summary>
    public static string? Text(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
