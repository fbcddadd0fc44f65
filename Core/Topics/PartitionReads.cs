namespace Orleans.Pipeline;

/// <summary>A partition and the offset to read it from.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset to read from.</param>
public readonly record struct PartitionOffset(int Partition, long Offset)
{
    /// <summary>
    /// The identity of the topic that the offset is of, <see cref="TopicDescription.Id"/>: the offset is refused for another topic of the
    /// same name. Default <see cref="Guid.Empty"/>: any.
    /// </summary>
    public Guid TopicId { get; init; }
}

/// <summary>The batches read from a partition.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Batches">Whole batches in offset order, one or more; the first may begin before the requested offset.</param>
public readonly record struct PartitionRead(int Partition, IReadOnlyList<RecordBatch> Batches);
