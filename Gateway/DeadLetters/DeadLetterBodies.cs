using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.DeadLetters;

/// <summary>Dead letters on the wire. <see cref="DeadLetterJsonWriter"/> writes them.</summary>
internal sealed record DeadLetterPageBody(
    [property: Description("The dead letters, by partition and offset.")] IReadOnlyList<DeadLetterBody> DeadLetters,
    [property: Description("What to give as 'after' for the next page; null if there are no more.")] string? Next);

/// <summary>A dead letter on the wire. <see cref="DeadLetterJsonWriter"/> writes it.</summary>
internal sealed class DeadLetterBody
{
    [Description("Its partition in the topic <pipeline>.dead-letters.")]
    public required int Partition { get; init; }

    [Description("Its offset there.")]
    public required long Offset { get; init; }

    [Description("When the record was given up.")]
    public required DateTimeOffset FailedAt { get; init; }

    [Description("The record's time, in milliseconds since 1970-01-01T00:00:00Z.")]
    public required long Timestamp { get; init; }

    [Description("The record's key, if that is text; null if it has none.")]
    public string? Key { get; init; }

    [Description("The record's key in base64, if that is not text.")]
    public byte[]? KeyBase64 { get; init; }

    [Description("The record's value, if that is JSON. A record without a value has neither value nor valueBase64.")]
    public JsonElement Value { get; init; }

    [Description("The record's value in base64, if that is not JSON.")]
    public byte[]? ValueBase64 { get; init; }

    [Description("The record's own headers as text; of a repeated name the last.")]
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    [Description("What the step failed with.")]
    public required DeadLetterErrorBody Error { get; init; }

    [Description("The step that failed.")]
    public required string Step { get; init; }

    [Description("How often the record was tried.")]
    public required int Attempts { get; init; }

    [Description("The stage that gave the record up.")]
    public required string Stage { get; init; }

    [Description("Where the record was read from.")]
    public required DeadLetterSourceBody Source { get; init; }

    [Description("How often the record was replayed before.")]
    public required int Replays { get; init; }
}

/// <summary>A dead letter's error on the wire.</summary>
internal sealed record DeadLetterErrorBody(
    [property: Description("The full name of the error's type.")] string Type,
    [property: Description("The error's message, up to 2048 characters.")] string Message,
    [property: Description("The error's stack with its inner errors, up to 8 KiB; null if it was not kept.")] string? Stack);

/// <summary>Where a dead letter's record came from, on the wire.</summary>
internal sealed record DeadLetterSourceBody(
    [property: Description("The topic.")] string Topic,
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset.")] long Offset);

/// <summary>Dead letters by error, on the wire.</summary>
internal sealed record DeadLetterErrorsBody([property: Description("The groups, the most frequent first.")] IReadOnlyList<DeadLetterErrorGroupBody> Errors);

/// <summary>The dead letters with one error in one step, on the wire.</summary>
internal sealed record DeadLetterErrorGroupBody(
    [property: Description("The full name of the error's type.")] string ErrorType,
    [property: Description("The step that failed.")] string Step,
    [property: Description("How many there are.")] long Count,
    [property: Description("When the first of them was given up.")] DateTimeOffset First,
    [property: Description("When the last of them was given up.")] DateTimeOffset Last,
    [property: Description("The error's message of the last one.")] string Message)
{
    public static DeadLetterErrorGroupBody Of(DeadLetterError error) =>
        new(error.ErrorType, error.Step, error.Count, error.First.ToUniversalTime(), error.Last.ToUniversalTime(), error.Message);
}

/// <summary>How many dead letters were settled, on the wire.</summary>
internal sealed record SettledBody([property: Description("How many there were.")] long Count);

/// <summary>Which dead letters to settle, on the wire.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DeadLetterSelectionBody(
    [property: Description("True for every dead letter; needed where nothing else is given, and then alone.")] bool? All = null,
    [property: Description("Only those whose error has this type, by its full name.")] string? ErrorType = null,
    [property: Description("Only those that failed in this step.")] string? Step = null,
    [property: Description("Only those that this stage gave up.")] string? Stage = null,
    [property: Description("Only those in this partition of the dead-letter topic.")] int? Partition = null,
    [property: Description("Only the one at this offset of the partition.")] long? Offset = null)
{
    public DeadLetterFilter ToFilter()
    {
        var filter = new DeadLetterFilter { ErrorType = ErrorType, Step = Step, Stage = Stage, Partition = Partition, Offset = Offset };
        return (All, filter) switch
        {
            (true, { IsAll: false }) => throw new InvalidRequestException("'all' is true, but a filter is given too. Give one of both."),
            (not true, { IsAll: true }) => throw new InvalidRequestException("The body selects nothing. Give a filter, such as 'errorType', or \"all\":true for every dead letter."),
            (_, { Offset: not null, Partition: null }) => throw new InvalidRequestException("'offset' is given without 'partition'. Give the partition too."),
            _ => filter,
        };
    }
}
