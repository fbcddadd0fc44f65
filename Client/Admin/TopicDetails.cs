using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>A topic with the bounds of its partitions and its lag.</summary>
/// <param name="Description">The topic's name, settings and time of creation.</param>
/// <param name="Partitions">The bounds of the partitions, by partition.</param>
/// <param name="Lag">
/// The number of records that the slowest pipeline on the topic has not yet committed, over all partitions; 0 if no pipeline reads it.
/// </param>
public sealed record TopicDetails(TopicDescription Description, IReadOnlyList<PartitionBounds> Partitions, long Lag)
{
    /// <summary>The number of records that the topic keeps, over all partitions.</summary>
    public long Records => Partitions.Sum(static partition => partition.End - partition.Start);

    /// <summary>The bytes of the batches that the topic keeps, over all partitions.</summary>
    public long Bytes => Partitions.Sum(static partition => partition.Bytes);

    internal static TopicDetails Of(TopicDetailBody topic) => new(topic.ToDescription(), topic.ToBounds(), topic.Lag);
}
