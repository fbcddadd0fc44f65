using Orleans.Pipeline.Grains.Assignments;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Makes partitions of topics queues: its prefix is the topic, its number the partition.</summary>
internal sealed class PartitionQueues(ClusterTopics topics) : IStreamQueueMapper
{
    public static QueueId QueueOf(TopicPartition partition) => QueueId.GetQueueId(partition.Topic.Value, (uint)partition.Partition, 0);

    public static TopicPartition PartitionOf(QueueId queue) => new(queue.GetStringNamePrefix(), (int)queue.GetNumericId());

    public IEnumerable<QueueId> GetAllQueues() => topics.Partitions.Select(QueueOf);

    /// <summary>Is never asked: what is pushed goes to the log, not to a queue.</summary>
    public QueueId GetQueueForStream(StreamId streamId) => throw new NotSupportedException($"Stream '{streamId}' is appended to its topic directly.");
}
