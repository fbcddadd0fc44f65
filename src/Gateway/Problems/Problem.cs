using System.ComponentModel;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>An error as it goes over the wire: RFC 9457 problem details with a stable code.</summary>
internal sealed record Problem(
    [property: Description("A URI that names the kind of problem.")] string Type,
    [property: Description("The kind of problem, in words.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What was wrong, where, and what to do.")] string Detail,
    [property: Description("The kind of problem, for programs; it never changes.")] string Code)
{
    [Description("With sequence-gap: the sequence that the log expects next.")]
    public int? ExpectedSequence { get; init; }

    [Description("With unknown-partition and offset-out-of-range: the partition.")]
    public int? Partition { get; init; }

    [Description("With offset-out-of-range: the offset asked for.")]
    public long? Offset { get; init; }

    [Description("With offset-out-of-range: the first offset kept.")]
    public long? Start { get; init; }

    [Description("With offset-out-of-range: the offset that the next record will get.")]
    public long? End { get; init; }

    [Description("With dead-letter-unreplayable: how many dead letters the call had replayed before it came to that one.")]
    public long? Replayed { get; init; }

    [Description("With invalid-record in newline-delimited JSON: the number of the line, from 1.")]
    public long? Line { get; init; }

    [Description("With every error of an upload of newline-delimited JSON that some lines of may have been appended: all lines up to this number were.")]
    public long? AcceptedLines { get; init; }

    [Description("With backpressure, rate-limited, overloaded and store-unavailable: how long to wait before the next try, in milliseconds.")]
    public long? RetryAfterMs { get; init; }
}
