using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Wire;

/// <summary>
/// Finds fields of JSON by name. JSON may escape half a surrogate pair, which is no text: .NET's reader fails at it, and a line of JSON
/// that has one somewhere is a record like any other.
/// </summary>
internal static class JsonFields
{
    private const int EscapeCharacters = 6;

    /// <summary>Whether the property name that a reader is at is this one.</summary>
    public static bool IsNamed(this scoped ref Utf8JsonReader reader, string name) =>
        (!reader.ValueIsEscaped || IsText(reader.ValueSpan)) && reader.ValueTextEquals(name);

    /// <summary>Reads the text that a reader is at as UTF-8; null if it is no text.</summary>
    public static byte[]? TextOf(this scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.ToArray();
        }

        return IsText(reader.ValueSpan) ? Encoding.UTF8.GetBytes(reader.GetString()!) : null;
    }

    /// <summary>Whether the escapes of a JSON string are text, that is, each surrogate is one of a pair.</summary>
    /// <param name="escaped">The string as it stands in valid JSON, without its quotes.</param>
    public static bool IsText(ReadOnlySpan<byte> escaped)
    {
        while (escaped.IndexOf((byte)'\\') is var escape and >= 0)
        {
            escaped = escaped[escape..];
            if (escaped[1] != (byte)'u')
            {
                escaped = escaped[2..];
                continue;
            }

            var unit = UnitAt(escaped);
            escaped = escaped[EscapeCharacters..];
            if (!char.IsSurrogate(unit))
            {
                continue;
            }

            if (!char.IsHighSurrogate(unit) || !escaped.StartsWith("\\u"u8) || !char.IsLowSurrogate(UnitAt(escaped)))
            {
                return false;
            }

            escaped = escaped[EscapeCharacters..];
        }

        return true;
    }

    private static char UnitAt(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeCharacters], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
