using System.Text.Json;
using System.Text.Unicode;

namespace Orleans.Pipeline.Wire;

/// <summary>Distinguishes values that are JSON from all others, to write them into JSON as they stand.</summary>
internal static class JsonValues
{
    /// <summary>
    /// The deepest value that is written as JSON. The bodies around it add a few levels, and many readers end at 64; a deeper value is
    /// written as bytes or text, and is no less a value.
    /// </summary>
    public const int MaximumDepth = 60;

    /// <summary>Returns whether a value is one JSON value that may stand within another.</summary>
    public static bool IsJson(ReadOnlySpan<byte> value)
    {
        // Most values that are not JSON show by their ends, because the reader's exception is slow.
        if (!EndsLikeJson(value.Trim(" \t\r\n"u8)) || !Utf8.IsValid(value))
        {
            return false;
        }

        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool EndsLikeJson(ReadOnlySpan<byte> value) => !value.IsEmpty && (char)value[0] switch
    {
        '{' => value[^1] == '}',
        '[' => value[^1] == ']',
        '"' => value[^1] == '"' && value.Length > 1,
        't' or 'f' or 'n' => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("null"u8),
        '-' or (>= '0' and <= '9') => char.IsAsciiDigit((char)value[^1]),
        _ => false,
    };
}
