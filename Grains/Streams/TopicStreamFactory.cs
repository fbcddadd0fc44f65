using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

internal sealed class TopicStreamFactory(string name, IServiceProvider services) : IQueueAdapterFactory
{
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(new TopicStreamAdapter(
        name,
        services.GetRequiredService<ITopicAppender>(),
        services.GetRequiredService<StreamValues>(),
        queue => Readers.ReaderOf(queue)));

    public IQueueAdapterCache GetQueueAdapterCache() => Readers;

    public IStreamQueueMapper GetStreamQueueMapper() => services.GetRequiredKeyedService<PartitionQueues>(name);

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    private PartitionReaders Readers => services.GetRequiredKeyedService<PartitionReaders>(name);
}

/// <summary>Maps partitions to queues and back. A queue's prefix is the topic; its number is the partition.</summary>
internal sealed class PartitionQueues(ClusterTopics topics) : IStreamQueueMapper
{
    public static QueueId QueueOf(TopicPartition partition) => QueueId.GetQueueId(partition.Topic.Value, (uint)partition.Partition, 0);

    public static TopicPartition PartitionOf(QueueId queue) => new(queue.GetStringNamePrefix(), (int)queue.GetNumericId());

    public IEnumerable<QueueId> GetAllQueues() => topics.Partitions.Select(QueueOf);

    /// <summary>Never called, because pushed events go to the log and not to a queue.</summary>
    public QueueId GetQueueForStream(StreamId streamId) =>
        throw new NotSupportedException($"Stream '{streamId}' is appended to its topic directly.");
}

/// <summary>
/// A provider's readers on this silo. Each reader waits in a call of its pulling agent until there is something to read. Orleans can stop
/// an agent only after that call, so a queue's reader is released before the queue is taken away.
/// </summary>
internal sealed class PartitionReaders : IQueueAdapterCache
{
    private readonly ConcurrentDictionary<QueueId, PartitionReader> _readers = [];
    private readonly Func<QueueId, PartitionReader> _create;
    private volatile bool _stopping;

    public PartitionReaders(Func<QueueId, PartitionReader> create) => _create = create;

    /// <summary>Creates a queue's reader. Orleans calls this method when an agent begins, before <see cref="ReaderOf"/>.</summary>
    public IQueueCache CreateQueueCache(QueueId queueId) => _readers[queueId] = _create(queueId);

    public PartitionReader ReaderOf(QueueId queueId)
    {
        var reader = _readers[queueId];
        if (_stopping)
        {
            reader.Release();
        }

        return reader;
    }

    public void Release(Func<QueueId, bool> taken)
    {
        foreach (var (queue, reader) in _readers)
        {
            if (taken(queue))
            {
                reader.Release();
            }
        }
    }

    public void ReleaseAll()
    {
        _stopping = true;
        Release(_ => true);
    }
}

/// <summary>
/// The delay before a pulling agent reads or delivers again: 50 ms, doubling up to 2 s. Orleans' own default begins at 1 s, which would be
/// most of the duration of a take-over.
/// </summary>
internal sealed class ShortBackoff : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(Math.Min(50L << Math.Clamp(attempt, 0, 6), 2000));
}
