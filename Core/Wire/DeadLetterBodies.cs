using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("A page of dead letters.")]
internal sealed record DeadLetterPageBody(
    [property: Description("The dead letters, by partition and offset.")] IReadOnlyList<DeadLetterBody> DeadLetters,
    [property: Description("The value of 'after' for the next page; null on the last page.")] string? Next)
{
    public DeadLetterPage ToPage() => new(
        [.. DeadLetters.Select(static letter => letter.ToDeadLetter())],
        DeadLetterPosition.TryParse(Next, out var next) ? next : null);
}

[Description("A dead letter.")]
internal sealed class DeadLetterBody
{
    [Description("The partition of the topic <pipeline>.dead-letters.")]
    public required int Partition { get; init; }

    [Description("The offset in that partition.")]
    public required long Offset { get; init; }

    [Description("When the record became a dead letter.")]
    public required DateTimeOffset FailedAt { get; init; }

    [Description("The record's time, in milliseconds since 1970-01-01T00:00:00Z.")]
    public required long Timestamp { get; init; }

    [Description("The record's key if it is text; null if the record has no key.")]
    public string? Key { get; init; }

    [Description("The record's key in base64 if it is not text.")]
    public byte[]? KeyBase64 { get; init; }

    [Description("The record's value if it is JSON. A record without a value has neither value nor valueBase64.")]
    public JsonElement Value { get; init; }

    [Description("The record's value in base64 if it is not JSON.")]
    public byte[]? ValueBase64 { get; init; }

    [Description("The record's headers as text. Of headers with the same name only the last is here; headerList has all of them.")]
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    [Description("The record's headers in order, their bytes unchanged. Left out if the record has none.")]
    public IReadOnlyList<HeaderBody>? HeaderList { get; init; }

    [Description("The error of the step.")]
    public required DeadLetterErrorBody Error { get; init; }

    [Description("The step that failed.")]
    public required string Step { get; init; }

    [Description("The number of attempts.")]
    public required int Attempts { get; init; }

    [Description("The stage that the record failed in.")]
    public required string Stage { get; init; }

    [Description("The place that the record was read from.")]
    public required DeadLetterSourceBody Source { get; init; }

    [Description("How many times the record was replayed before.")]
    public required int Replays { get; init; }

    public DeadLetter ToDeadLetter() => new()
    {
        Partition = Partition,
        Offset = Offset,
        FailedAt = FailedAt,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(Timestamp),
        Key = Bytes(KeyBase64, Key),
        Value = Bytes(ValueBase64, Value.ValueKind == JsonValueKind.Undefined ? null : Value.GetRawText()),
        Headers = HeaderJson.Read(HeaderList, Headers) ?? [],
        ErrorType = Error.Type,
        ErrorMessage = Error.Message,
        ErrorStack = Error.Stack,
        Step = Step,
        Attempts = Attempts,
        Stage = Stage,
        Source = new(new(Source.Topic), Source.Partition),
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

[Description("The error of a dead letter.")]
internal sealed record DeadLetterErrorBody(
    [property: Description("The full name of the error's type.")] string Type,
    [property: Description("The error's message, up to 2048 characters.")] string Message,
    [property: Description("The error's stack with its inner errors, up to 8 KiB; null if it was not stored.")] string? Stack);

[Description("The place that a dead letter's record was read from.")]
internal sealed record DeadLetterSourceBody(
    [property: Description("The topic.")] string Topic,
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset.")] long Offset);

[Description("Dead letters grouped by error.")]
internal sealed record DeadLetterErrorsBody(
    [property: Description("The groups, the most frequent first.")] IReadOnlyList<DeadLetterErrorGroupBody> Errors);

[Description("The dead letters with one error in one step.")]
internal sealed record DeadLetterErrorGroupBody(
    [property: Description("The full name of the error's type.")] string ErrorType,
    [property: Description("The step that failed.")] string Step,
    [property: Description("The number of dead letters.")] long Count,
    [property: Description("When the first of them became a dead letter.")] DateTimeOffset First,
    [property: Description("When the last of them became a dead letter.")] DateTimeOffset Last,
    [property: Description("The error message of the last of them.")] string Message)
{
    public static DeadLetterErrorGroupBody Of(DeadLetterError error) =>
        new(error.ErrorType, error.Step, error.Count, error.First.ToUniversalTime(), error.Last.ToUniversalTime(), error.Message);

    public DeadLetterError ToError() => new(ErrorType, Step, Count, First, Last, Message);
}

[Description("The number of dead letters that were settled.")]
internal sealed record SettledBody([property: Description("The number.")] long Count);

[Description("The dead letters to settle.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DeadLetterSelectionBody(
    [property: Description("True selects every dead letter. Required without a filter, and not allowed with one.")] bool? All = null,
    [property: Description("Only dead letters whose error has this type, by its full name.")] string? ErrorType = null,
    [property: Description("Only dead letters that failed in this step.")] string? Step = null,
    [property: Description("Only dead letters of this stage.")] string? Stage = null,
    [property: Description("Only dead letters in this partition of the dead-letter topic.")] int? Partition = null,
    [property: Description("Only the dead letter at this offset of the partition.")] long? Offset = null)
{
    public static DeadLetterSelectionBody Of(DeadLetterFilter filter) =>
        new(filter.IsAll ? true : null, filter.ErrorType, filter.Step, filter.Stage, filter.Partition, filter.Offset);
}
