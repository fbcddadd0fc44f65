using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>A topic, what it holds, and how far behind its slowest reader is.</summary>
/// <param name="Description">Its name, settings and time of creation.</param>
/// <param name="Partitions">What each partition holds, by partition.</param>
/// <param name="Lag">How many records the slowest pipeline on it has yet to commit, over all partitions; 0 if none reads it.</param>
public sealed record TopicDetails(TopicDescription Description, IReadOnlyList<PartitionBounds> Partitions, long Lag)
{
    /// <summary>How many records it keeps, over all partitions.</summary>
    public long Records => Partitions.Sum(static partition => partition.End - partition.Start);

    /// <summary>Bytes of the batches it keeps, over all partitions.</summary>
    public long Bytes => Partitions.Sum(static partition => partition.Bytes);

    internal static TopicDetails Of(TopicDetailBody topic) => new(topic.ToDescription(), topic.ToBounds(), topic.Lag);
}
