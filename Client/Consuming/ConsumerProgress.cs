namespace Orleans.Pipeline.Client.Consuming;

/// <summary>The offsets up to which a consumer has handed out records, by partition.</summary>
internal sealed class ConsumerProgress
{
    private readonly Lock _sync = new();
    private readonly Dictionary<int, PartitionProgress> _partitions;

    /// <summary>Starts from saved positions, so that they can be saved again even if nothing is read.</summary>
    public ConsumerProgress(ConsumerPositions? saved) =>
        _partitions = (saved ?? ConsumerPositions.None).Offsets.ToDictionary(
            static position => position.Key, static position => new PartitionProgress { Next = position.Value });

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

    /// <summary>Records the starting offsets of partitions from which no record was handed out yet.</summary>
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

    /// <summary>Counts the records between the offsets reached and the ends of the partitions that the consumer reads.</summary>
    /// <param name="bounds">The bounds of the topic's partitions.</param>
    /// <param name="partitions">The partitions that the consumer reads; null for all. Saved positions of others do not count.</param>
    public long LagBehind(IReadOnlyList<PartitionBounds> bounds, IReadOnlyCollection<int>? partitions) =>
        Reached.Where(reached => reached.Key < bounds.Count && partitions?.Contains(reached.Key) != false)
            .Sum(reached => Math.Max(0, bounds[reached.Key].End - Math.Max(reached.Value, bounds[reached.Key].Start)));

    /// <summary>Returns the progress of a partition, after <see cref="Begin"/>.</summary>
    public PartitionProgress Of(int partition)
    {
        lock (_sync)
        {
            return _partitions[partition];
        }
    }
}

internal sealed class PartitionProgress
{
    private long _next;

    /// <summary>The next offset to hand out. All records before it were handed out.</summary>
    public long Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
