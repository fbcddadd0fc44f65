using System.Text;

namespace Orleans.Pipeline;

/// <summary>A named value that travels with a record.</summary>
/// <param name="Name">Its name; names may repeat. It travels as UTF-8, in which half a surrogate pair becomes U+FFFD.</param>
/// <param name="Value">Its value; null is kept apart from empty.</param>
public readonly record struct Header(string Name, ReadOnlyMemory<byte>? Value)
{
    /// <summary>The fewest bytes a header takes: the lengths of its name and its value.</summary>
    internal const int MinimumBytes = 2;

    /// <summary>Makes a header of text, in UTF-8.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <summary>The value as UTF-8 text, with U+FFFD for what is not UTF-8; empty when it is null.</summary>
    public string AsText() => Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";
}
