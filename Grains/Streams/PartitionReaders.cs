using System.Collections.Concurrent;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// A provider's readers on this silo. Each waits in a call of its pulling agent until there is something to read, and an agent can
/// only be stopped after that call; so whoever takes a queue away releases its reader first.
/// </summary>
internal sealed class PartitionReaders : IQueueAdapterCache
{
    private readonly ConcurrentDictionary<QueueId, PartitionReader> _readers = [];
    private readonly Func<QueueId, PartitionReader> _create;
    private volatile bool _stopping;

    public PartitionReaders(Func<QueueId, PartitionReader> create) => _create = create;

    /// <summary>Is called before <see cref="ReaderOf"/>, whenever an agent begins.</summary>
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
