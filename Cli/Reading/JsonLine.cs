using System.Text.Json;

namespace Orleans.Pipeline.Cli.Reading;

internal static class JsonLine
{
    /// <summary>
    /// Whether text is one JSON value. A look at its ends excludes most other text, because the reader's exception is slow.
    /// </summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (!EndsLikeJson(text.Trim(" \t\r\n"u8)))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text);
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

    private static bool EndsLikeJson(ReadOnlySpan<byte> text) => !text.IsEmpty && (char)text[0] switch
    {
        '{' => text[^1] == '}',
        '[' => text[^1] == ']',
        '"' => text[^1] == '"' && text.Length > 1,
        't' or 'f' or 'n' => text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8) || text.SequenceEqual("null"u8),
        '-' or (>= '0' and <= '9') => char.IsAsciiDigit((char)text[^1]),
        _ => false,
    };
}
