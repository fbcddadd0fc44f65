using System.Text.Json;
using Orleans.Pipeline.Cli.Reading;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Dead letters as <c>--json</c> writes them; fields are named as in the HTTP API.</summary>
internal static class DeadLetterJson
{
    public static void Write(Utf8JsonWriter json, DeadLetter letter)
    {
        json.WriteStartObject();
        json.WriteNumber("partition"u8, letter.Partition);
        json.WriteNumber("offset"u8, letter.Offset);
        json.WriteString("failedAt"u8, letter.FailedAt);
        json.WriteNumber("timestamp"u8, letter.Timestamp.ToUnixTimeMilliseconds());
        RecordJson.WriteKey(json, letter.Key);
        RecordJson.WriteValue(json, letter.Value);
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

    public static void Write(Utf8JsonWriter json, DeadLetterPage page)
    {
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
}

/// <summary>Dead letters grouped by error, as <c>--json</c> writes them.</summary>
internal sealed record DeadLetterErrorsJson(IReadOnlyList<DeadLetterError> Errors);

/// <summary>The result of a replay or a discard, as <c>--json</c> writes it.</summary>
/// <param name="Count">The number of dead letters replayed or discarded.</param>
internal sealed record SettledJson(long Count);
