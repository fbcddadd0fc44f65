using System.Buffers;
using System.Text.Json;
using Orleans.Pipeline.Gateway.Reading;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.DeadLetters;

/// <summary>Writes dead letters as JSON, with records in the form of reads.</summary>
internal static class DeadLetterJsonWriter
{
    /// <summary>Writes a page in the form of <see cref="DeadLetterPageBody"/>.</summary>
    public static void Write(IBufferWriter<byte> output, DeadLetterPage page)
    {
        using var json = new Utf8JsonWriter(output, RecordJsonWriter.Options);
        json.WriteStartObject();
        json.WriteStartArray("deadLetters"u8);
        foreach (var letter in page.DeadLetters)
        {
            Write(json, letter);
        }

        json.WriteEndArray();
        json.WriteString("next"u8, page.Next?.ToString());
        json.WriteEndObject();
    }

    public static void Write(IBufferWriter<byte> output, DeadLetter letter)
    {
        using var json = new Utf8JsonWriter(output, RecordJsonWriter.Options);
        Write(json, letter);
    }

    private static void Write(Utf8JsonWriter json, DeadLetter letter)
    {
        json.WriteStartObject();
        json.WriteNumber("partition"u8, letter.Partition);
        json.WriteNumber("offset"u8, letter.Offset);
        json.WriteString("failedAt"u8, letter.FailedAt.ToUniversalTime());
        json.WriteNumber("timestamp"u8, letter.Timestamp.ToUnixTimeMilliseconds());
        RecordJsonWriter.WriteKey(json, letter.Key is not null, letter.Key.GetValueOrDefault().Span);
        if (letter.Value is { } value)
        {
            RecordJsonWriter.WriteValue(json, value.Span);
        }

        HeaderJson.Write(json, letter.Headers);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, letter.ErrorType);
        json.WriteString("message"u8, letter.ErrorMessage);
        json.WriteString("stack"u8, letter.ErrorStack);
        json.WriteEndObject();
        json.WriteString("step"u8, letter.Step);
        json.WriteNumber("attempts"u8, letter.Attempts);
        json.WriteString("stage"u8, letter.Stage);
        json.WriteStartObject("source"u8);
        json.WriteString("topic"u8, letter.Source.Topic.Value);
        json.WriteNumber("partition"u8, letter.Source.Partition);
        json.WriteNumber("offset"u8, letter.SourceOffset);
        json.WriteEndObject();
        json.WriteNumber("replays"u8, letter.Replays);
        json.WriteEndObject();
    }
}
