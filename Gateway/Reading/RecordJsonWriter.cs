using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Writes records as JSON. Keys that are text and values that are JSON are written as such, other bytes in base64.</summary>
internal static class RecordJsonWriter
{
    /// <summary>Keeps text readable. The response is JSON and never part of a page, so it needs no escapes for HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a record, in the form of <see cref="PartitionRecordBody"/>, or without its partition in that of <see cref="ReadRecordBody"/>.
    /// </summary>
    public static void Write(Utf8JsonWriter json, in Record record, int? partition)
    {
        json.WriteStartObject();
        if (partition is { } number)
        {
            json.WriteNumber("partition"u8, number);
        }

        json.WriteNumber("offset"u8, record.Offset);
        json.WriteNumber("timestamp"u8, record.Timestamp);
        WriteKey(json, record.HasKey, record.KeySpan);
        if (record.HasValue)
        {
            WriteValue(json, record.ValueSpan);
        }

        WriteHeaders(json, record.ReadHeaders());
        json.WriteEndObject();
    }

    public static void WriteKey(Utf8JsonWriter json, bool hasKey, ReadOnlySpan<byte> key)
    {
        if (!hasKey)
        {
            json.WriteNull("key"u8);
        }
        else if (Utf8.IsValid(key))
        {
            json.WriteString("key"u8, key);
        }
        else
        {
            json.WriteBase64String("keyBase64"u8, key);
        }
    }

    public static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (IsJson(value))
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("valueBase64"u8, value);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        if (!EndsLikeJson(value.Trim(" \t\r\n"u8)) || !Utf8.IsValid(value))
        {
            return false;
        }

        var reader = new Utf8JsonReader(value);
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

    /// <summary>Rejects most values that are not JSON by their first and last byte, because the reader's exception is slow.</summary>
    private static bool EndsLikeJson(ReadOnlySpan<byte> value) => !value.IsEmpty && (char)value[0] switch
    {
        '{' => value[^1] == '}',
        '[' => value[^1] == ']',
        '"' => value[^1] == '"' && value.Length > 1,
        't' or 'f' or 'n' => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("null"u8),
        '-' or (>= '0' and <= '9') => char.IsAsciiDigit((char)value[^1]),
        _ => false,
    };

    public static void WriteHeaders(Utf8JsonWriter json, IReadOnlyList<Header> headers)
    {
        json.WriteStartObject("headers"u8);
        for (var index = 0; index < headers.Count; index++)
        {
            var header = headers[index];
            if (headers.Skip(index + 1).Any(later => later.Name == header.Name))
            {
                continue;
            }

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
