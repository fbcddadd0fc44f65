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

        HeaderJson.Write(json, record.ReadHeaders());
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
        if (JsonValues.IsJson(value))
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("valueBase64"u8, value);
        }
    }
}
