using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>A partition in memory: what it holds, and who waits for more.</summary>
internal sealed class PartitionState
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private bool _closed;

    /// <param name="partition">Which one it is.</param>
    /// <param name="number">Its number among the partitions of all topics.</param>
    /// <param name="contents">What it holds.</param>
    public PartitionState(TopicPartition partition, int number, PartitionContents contents)
    {
        Partition = partition;
        Number = number;
        Contents = new(contents, WakeReaders);
    }

    public TopicPartition Partition { get; }

    public int Number { get; }

    public Versioned<PartitionContents> Contents { get; }

    /// <summary>Waits until the partition ends above an offset.</summary>
    /// <returns>Whether it may do so now; not so when the time ran out.</returns>
    public async ValueTask<bool> WaitForAppendAsync(long offset, TimeSpan wait, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (_closed || Contents.Committed.End > offset)
            {
                return true;
            }

            _changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(wait, timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Lets nobody wait any more: the topic was deleted, or the store is closing.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        WakeReaders();
    }

    private void WakeReaders()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }
}
