using System.Text;
using System.Text.Json;

namespace Orleans.Pipeline.Client.Http;

internal sealed record DeadLetterPageBody(IReadOnlyList<DeadLetterBody> DeadLetters, string? Next)
{
    public DeadLetterPage ToPage() => new(
        [.. DeadLetters.Select(static letter => letter.ToDeadLetter())],
        DeadLetterPosition.TryParse(Next, out var next) ? next : null);
}

internal sealed record DeadLetterErrorsBody(IReadOnlyList<DeadLetterError> Errors);

internal sealed record DeadLetterSelectionBody(bool? All, string? ErrorType, string? Step, string? Stage, int? Partition, long? Offset);

internal sealed record SettledBody(long Count);

internal sealed record DeadLetterErrorBody(string Type, string Message, string? Stack);

internal sealed record DeadLetterSourceBody(TopicName Topic, int Partition, long Offset);

/// <summary>A dead letter, whose record is text and JSON where it can be, base64 where it cannot.</summary>
internal sealed record DeadLetterBody(
    int Partition,
    long Offset,
    DateTimeOffset FailedAt,
    long Timestamp,
    string? Key,
    byte[]? KeyBase64,
    JsonElement Value,
    byte[]? ValueBase64,
    IReadOnlyDictionary<string, string?>? Headers,
    DeadLetterErrorBody Error,
    string Step,
    int Attempts,
    string Stage,
    DeadLetterSourceBody Source,
    int Replays)
{
    public DeadLetter ToDeadLetter() => new()
    {
        Partition = Partition,
        Offset = Offset,
        FailedAt = FailedAt,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(Timestamp),
        Key = Bytes(KeyBase64, Key),
        Value = Bytes(ValueBase64, Value.ValueKind == JsonValueKind.Undefined ? null : Value.GetRawText()),
        Headers = [.. (Headers ?? new Dictionary<string, string?>()).Select(static header => new Header(header.Key, Bytes(null, header.Value)))],
        ErrorType = Error.Type,
        ErrorMessage = Error.Message,
        ErrorStack = Error.Stack,
        Step = Step,
        Attempts = Attempts,
        Stage = Stage,
        Source = new(Source.Topic, Source.Partition),
        SourceOffset = Source.Offset,
        Replays = Replays,
    };

    private static ReadOnlyMemory<byte>? Bytes(byte[]? bytes, string? text)
    {
        if (bytes is null && text is null)
        {
            return null;
        }

        return bytes ?? Encoding.UTF8.GetBytes(text!);
    }
}
