using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("A read of several partitions.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReadsBody
{
    [Description("The offset to read each partition from: one or more partitions, each once.")]
    public required IReadOnlyList<PositionBody> Positions { get; init; }

    [Description("The most bytes of batches over all partitions. A single batch may be larger. Default 1048576. "
        + "The gateway's own limit is 4 MiB by default.")]
    public int? MaxBytes { get; init; }

    [Description("How long to wait while every partition is at its end, in milliseconds. Default 0. "
        + "The gateway's own limit is 30 s by default.")]
    public int? WaitMs { get; init; }
}

[Description("The offset to read a partition from.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PositionBody
{
    [Description("The partition, from 0.")]
    public required int Partition { get; init; }

    [Description("The offset to read from.")]
    public required long Offset { get; init; }
}

[Description("The records of a read of several partitions.")]
internal sealed record ReadsAnswerBody(
    [property: Description("The records, those of each partition by offset; none if the wait ended without an append.")]
    IReadOnlyList<PartitionRecordBody> Records,
    [property: Description("The offset to read each partition from next, in the order of the request.")]
    IReadOnlyList<NextPositionBody> Positions);

[Description("A record of a read of several partitions.")]
internal sealed class PartitionRecordBody : ReadRecordBody
{
    [Description("The record's partition.")]
    public required int Partition { get; init; }
}

[Description("The offset to read a partition from next.")]
internal sealed record NextPositionBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset to read from next.")] long NextOffset);
