namespace Orleans.Pipeline.Client.Consuming;

/// <summary>How far a consumer has handed records out, partition by partition.</summary>
internal sealed class ConsumerProgress
{
    private readonly Lock _sync = new();
    private readonly Dictionary<int, PartitionProgress> _partitions;

    /// <summary>Begins with positions that were saved, so that they are still there to save if nothing comes to be read.</summary>
    public ConsumerProgress(ConsumerPositions? saved) =>
        _partitions = (saved ?? ConsumerPositions.None).Offsets.ToDictionary(
            static position => position.Key, static position => new PartitionProgress { Next = position.Value });

    /// <summary>The next offset of each partition, as it is now.</summary>
    public IReadOnlyDictionary<int, long> Reached
    {
        get
        {
            lock (_sync)
            {
                return _partitions.ToDictionary(static partition => partition.Key, static partition => partition.Value.Next);
            }
        }
    }

    /// <summary>Notes where partitions begin of which nothing was handed out yet.</summary>
    public void Begin(IEnumerable<PartitionCursor> cursors)
    {
        lock (_sync)
        {
            foreach (var cursor in cursors)
            {
                _partitions.TryAdd(cursor.Partition, new() { Next = cursor.Next });
            }
        }
    }

    /// <summary>How many records lie between what was handed out and the end of the partitions.</summary>
    public long LagBehind(IReadOnlyList<PartitionBounds> bounds) =>
        Reached.Where(reached => reached.Key < bounds.Count).Sum(reached => Math.Max(
            0,
            bounds[reached.Key].End - Math.Max(reached.Value, bounds[reached.Key].Start)));

    /// <summary>The progress of a partition that has begun.</summary>
    public PartitionProgress Of(int partition)
    {
        lock (_sync)
        {
            return _partitions[partition];
        }
    }
}

/// <summary>How far a consumer has handed out the records of a partition.</summary>
internal sealed class PartitionProgress
{
    private long _next;

    /// <summary>The offset before which everything was handed out.</summary>
    public long Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
