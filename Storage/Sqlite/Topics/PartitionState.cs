using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Topics;

internal sealed record TopicState(long Id, TopicDescription Description, PartitionState[] Partitions);

/// <summary>A partition in memory: its contents, and the readers that wait for more.</summary>
internal sealed class PartitionState
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private bool _closed;

    /// <param name="partition">The partition.</param>
    /// <param name="number">Its number among the partitions of all topics.</param>
    /// <param name="contents">Its contents.</param>
    public PartitionState(TopicPartition partition, int number, PartitionContents contents)
    {
        Partition = partition;
        Number = number;
        Contents = new(contents, WakeReaders);
    }

    public TopicPartition Partition { get; }

    public int Number { get; }

    public Versioned<PartitionContents> Contents { get; }

    /// <summary>Waits until the partition has changed, or ends above an offset.</summary>
    /// <returns>True if so; false if the time ran out.</returns>
    public async ValueTask<bool> WaitForChangeAsync(
        long offset, TimeSpan wait, TimeProvider timeProvider, CancellationToken cancellationToken)
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

    /// <summary>Releases every waiter: the topic was deleted, or the store is closing.</summary>
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

/// <param name="Start">The first offset kept.</param>
/// <param name="End">The offset of the next record.</param>
/// <param name="BytesBefore">The bytes of the removed batches since counting began.</param>
/// <param name="BytesThrough">The bytes of all batches since counting began. The difference is the size of the kept batches.</param>
/// <param name="MaximumTimestamp">The newest timestamp of all batches since counting began, each at most
/// <see cref="RecordTime.MaximumAhead"/> ahead of its append.</param>
/// <param name="Discarded">The number of removed records that some pipeline had not committed.</param>
internal sealed record PartitionContents(
    long Start, long End, long BytesBefore, long BytesThrough, long MaximumTimestamp, long Discarded)
{
    /// <summary>The time of the last append. It never goes back.</summary>
    public long AppendedAt { get; init; } = long.MinValue;

    public PartitionBounds Bounds => new(Start, End, BytesThrough - BytesBefore, Discarded);
}
