using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("What a read of several partitions takes.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReadsBody
{
    [Description("Where to read each partition from; one or more, each partition once.")]
    public required IReadOnlyList<PositionBody> Positions { get; init; }

    [Description("Stop before passing this many bytes of batches over all partitions; one batch is answered however large it is. Left out: 1048576. The gateway has a limit of its own, 4 MiB unless set.")]
    public int? MaxBytes { get; init; }

    [Description("How long to wait while every partition is at its end, in milliseconds. Left out: 0. The gateway has a limit of its own, 30 s unless set.")]
    public int? WaitMs { get; init; }
}

[Description("Where to read a partition from, on the wire.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PositionBody
{
    [Description("The partition, from 0.")]
    public required int Partition { get; init; }

    [Description("The offset to read from.")]
    public required long Offset { get; init; }
}

[Description("Records read of several partitions, on the wire.")]
internal sealed record ReadsAnswerBody(
    [property: Description("The records, each partition's by offset; none if the wait ran out while every partition was at its end.")] IReadOnlyList<PartitionRecordBody> Records,
    [property: Description("Where to read each partition from next, in the order asked for.")] IReadOnlyList<NextPositionBody> Positions);

[Description("A record read of one of several partitions, on the wire. RecordJsonWriter writes it.")]
internal sealed class PartitionRecordBody : ReadRecordBody
{
    [Description("Its partition.")]
    public required int Partition { get; init; }
}

[Description("Where to read a partition from next, on the wire.")]
internal sealed record NextPositionBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The offset to read from next.")] long NextOffset);
