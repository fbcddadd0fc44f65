using System.Text.Json;
using System.Text.Unicode;

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
        else if (!JsonLine.IsJson(bytes.Span))
        {
            json.WriteString("valueText"u8, bytes.Span);
        }
        else if (bytes.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            // JSON of several lines would break the output's line.
            using var document = JsonDocument.Parse(bytes);
            json.WritePropertyName("value"u8);
            document.RootElement.WriteTo(json);
        }
        else
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(bytes.Span, skipInputValidation: true);
        }
    }

    /// <summary>Writes headers as text. The last header of a repeated name wins.</summary>
    public static void WriteHeaders(Utf8JsonWriter json, IReadOnlyList<Header> headers)
    {
        json.WriteStartObject("headers"u8);
        foreach (var header in headers.GroupBy(header => header.Name).Select(same => same.Last()))
        {
            if (header.Value is null)
            {
                json.WriteNull(header.Name);
            }
            else
            {
                json.WriteString(header.Name, header.AsText());
            }
        }

        json.WriteEndObject();
    }
}
