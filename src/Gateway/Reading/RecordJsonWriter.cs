using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Writes records as JSON: what is JSON or text as such, all else in base64.</summary>
internal static class RecordJsonWriter
{
    /// <summary>Text stays readable: the answer is JSON and never part of a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the records of a partition from an offset on, in the form of <see cref="ReadRecordsBody"/>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="batches">The batches read; the first may begin before the offset.</param>
    /// <param name="offset">The offset asked for.</param>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<RecordBatch> batches, long offset)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteStartArray("records"u8);
        Write(json, batches, offset, partition: null);
        json.WriteEndArray();
        json.WriteNumber("nextOffset"u8, NextOffset(batches, offset));
        json.WriteEndObject();
    }

    /// <summary>Writes the records of several partitions, in the form of <see cref="ReadsAnswerBody"/>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="reads">What was read.</param>
    /// <param name="positions">What was asked for.</param>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<PartitionRead> reads, IReadOnlyList<PartitionOffset> positions)
    {
        var offsets = positions.ToDictionary(position => position.Partition, position => position.Offset);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteStartArray("records"u8);
        foreach (var (partition, batches) in reads)
        {
            Write(json, batches, offsets[partition], partition);
            offsets[partition] = NextOffset(batches, offsets[partition]);
        }

        json.WriteEndArray();
        json.WriteStartArray("positions"u8);
        foreach (var (partition, _) in positions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition"u8, partition);
            json.WriteNumber("nextOffset"u8, offsets[partition]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a record, in the form of <see cref="PartitionRecordBody"/>, or without its partition in that of <see cref="ReadRecordBody"/>.</summary>
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

    private static long NextOffset(IReadOnlyList<RecordBatch> batches, long offset) => batches.Count > 0 ? batches[^1].NextOffset : offset;

    private static void Write(Utf8JsonWriter json, IReadOnlyList<RecordBatch> batches, long offset, int? partition)
    {
        foreach (var batch in batches)
        {
            foreach (var record in batch.Decompress())
            {
                if (record.Offset >= offset)
                {
                    Write(json, record, partition);
                }
            }
        }
    }

    /// <summary>Writes a record's key.</summary>
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

    /// <summary>Writes a record's value.</summary>
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

    /// <summary>Sorts out most of what is not JSON by its ends, because the reader tells it by a slow exception.</summary>
    private static bool EndsLikeJson(ReadOnlySpan<byte> value) => !value.IsEmpty && (char)value[0] switch
    {
        '{' => value[^1] == '}',
        '[' => value[^1] == ']',
        '"' => value[^1] == '"' && value.Length > 1,
        't' or 'f' or 'n' => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("null"u8),
        '-' or (>= '0' and <= '9') => char.IsAsciiDigit((char)value[^1]),
        _ => false,
    };

    /// <summary>Writes a record's headers.</summary>
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
