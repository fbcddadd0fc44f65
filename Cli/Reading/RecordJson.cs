using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.Reading;

/// <summary>
/// Writes parts of a record as JSON. A value becomes <c>value</c> if it is JSON, <c>valueText</c> if it is other text, else
/// <c>valueBase64</c>. A key becomes <c>key</c> if it is text, else <c>keyBase64</c>.
/// </summary>
internal static class RecordJson
{
    /// <summary>Writes a key; null for a record without one.</summary>
    public static void WriteKey(Utf8JsonWriter json, ReadOnlyMemory<byte>? key)
    {
        if (key is not { } bytes)
        {
            json.WriteNull("key"u8);
        }
        else if (Utf8.IsValid(bytes.Span))
        {
            json.WriteString("key"u8, bytes.Span);
        }
        else
        {
            json.WriteBase64String("keyBase64"u8, bytes.Span);
        }
    }

    /// <summary>Writes a value; nothing for a record without one.</summary>
    public static void WriteValue(Utf8JsonWriter json, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            return;
        }

        if (!Utf8.IsValid(bytes.Span))
        {
            json.WriteBase64String("valueBase64"u8, bytes.Span);
        }
        else if (!JsonValues.IsJson(bytes.Span))
        {
            json.WriteString("valueText"u8, bytes.Span);
        }
        else
        {
            // JSON of several lines would break the output's line.
            var isOneLine = !bytes.Span.ContainsAny((byte)'\n', (byte)'\r');
            json.WritePropertyName("value"u8);
            json.WriteRawValue(isOneLine ? bytes.Span : WithoutSpace(bytes.Span), skipInputValidation: true);
        }
    }

    /// <summary>Removes the white space between the tokens of JSON. The tokens stay as they are.</summary>
    private static ReadOnlySpan<byte> WithoutSpace(ReadOnlySpan<byte> json)
    {
        var kept = new byte[json.Length];
        var (length, isText, isEscaped) = (0, false, false);
        foreach (var letter in json)
        {
            if (isText || letter is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                kept[length++] = letter;
            }

            isText ^= letter == (byte)'"' && !isEscaped;
            isEscaped = letter == (byte)'\\' && !isEscaped;
        }

        return kept.AsSpan(0, length);
    }
}
