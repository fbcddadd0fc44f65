using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("An error: RFC 9457 problem details with a stable code.")]
internal sealed record Problem(
    [property: Description("A URI that identifies the kind of problem: urn:orleans-pipeline:http-api# and the code. "
        + "The page docs/http-api.md has an anchor for each code.")] string Type,
    [property: Description("The name of the kind of problem.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What was wrong, where, and what to do.")] string Detail,
    [property: Description("The kind of problem for programs. A code never changes.")] string Code)
{
    [Description("With sequence-gap: the sequence that the log expects next.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpectedSequence { get; init; }

    [Description("With unknown-partition and offset-out-of-range: the partition.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Partition { get; init; }

    [Description("With offset-out-of-range: the requested offset.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Offset { get; init; }

    [Description("With offset-out-of-range: the first offset that is stored.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Start { get; init; }

    [Description("With offset-out-of-range: the offset that the next record will get.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? End { get; init; }

    [Description("With dead-letter-unreplayable: how many dead letters the call replayed before the error.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Replayed { get; init; }

    [Description("With invalid-record in newline-delimited JSON: the number of the line, from 1.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    [Description("With every error after an upload of newline-delimited JSON has begun to append: "
        + "all lines up to this number were appended.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AcceptedLines { get; init; }

    [Description("With backpressure, rate-limited, overloaded, store-unavailable and host-stopping: "
        + "how long to wait before the next attempt, in milliseconds.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RetryAfterMs { get; init; }
}
