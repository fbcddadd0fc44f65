using System.Text;

namespace Orleans.Pipeline;

/// <summary>A named value that travels with a record.</summary>
/// <param name="Name">The name; names may repeat. The name travels as UTF-8, where half a surrogate pair becomes U+FFFD.</param>
/// <param name="Value">The value; null and empty are different values.</param>
public readonly record struct Header(string Name, ReadOnlyMemory<byte>? Value)
{
    /// <summary>The fewest bytes of a header: the lengths of its name and value, one byte each.</summary>
    internal const int MinimumBytes = 2;

    /// <summary>Creates a header from text, encoded as UTF-8.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Returns the value as UTF-8 text, with U+FFFD for invalid bytes; empty text if the value is null.</summary>
    public string AsText() => Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";
}
