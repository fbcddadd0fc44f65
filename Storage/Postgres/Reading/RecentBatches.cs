namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>
/// Keeps the newest committed batches of this process, so that readers that keep up do not read them back from the database. All other
/// batches come from the database.
/// </summary>
/// <remarks>
/// The batches of a partition are kept once a reader of this process has reached the partition's end. Keeping stops when an unread batch
/// has to make room, because the readers are then behind or have left.
/// </remarks>
/// <param name="maximumBytes">The maximum bytes of all partitions together; the oldest batches make room. 0 keeps none.</param>
internal sealed class RecentBatches(long maximumBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RecentPartition> _followed = [];
    private readonly Queue<(int Partition, RecentBatch Batch)> _oldest = [];
    private long _bytes;

    /// <summary>Starts keeping the batches of a partition, whose end a reader has reached.</summary>
    public void Follow(int partition)
    {
        lock (_gate)
        {
            if (maximumBytes > 0 && !_followed.ContainsKey(partition))
            {
                _followed.Add(partition, new());
            }
        }
    }

    public void Forget(int partition)
    {
        lock (_gate)
        {
            _followed.Remove(partition);
        }
    }

    /// <summary>Forgets the batches of all partitions, because removed batches must not be read.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _followed.Clear();
        }
    }

    public void Add(int partition, long baseOffset, RecordBatch batch)
    {
        if (!IsFollowed(partition))
        {
            return;
        }

        var copy = GC.AllocateUninitializedArray<byte>(batch.Bytes.Length);
        batch.Bytes.CopyTo(copy);
        var recent = new RecentBatch(RecordBatch.Trust(copy.AsMemory(), baseOffset));
        lock (_gate)
        {
            if (_followed.TryGetValue(partition, out var batches) && batches.TryAdd(recent))
            {
                _oldest.Enqueue((partition, recent));
                _bytes += copy.Length;
                MakeRoom();
            }
        }
    }

    /// <summary>Reads batches, starting with the one that contains an offset; none if that batch is not kept.</summary>
    public IReadOnlyList<RecordBatch> Read(int partition, long offset, int maximumBytes)
    {
        lock (_gate)
        {
            return _followed.TryGetValue(partition, out var batches) ? batches.Read(offset, maximumBytes) : [];
        }
    }

    private bool IsFollowed(int partition)
    {
        lock (_gate)
        {
            return _followed.ContainsKey(partition);
        }
    }

    private void MakeRoom()
    {
        while (_bytes > maximumBytes)
        {
            var (partition, oldest) = _oldest.Dequeue();
            _bytes -= oldest.Batch.Bytes.Length;
            if (_followed.TryGetValue(partition, out var batches) && batches.TryRemove(oldest) && !oldest.IsRead)
            {
                _followed.Remove(partition);
            }
        }
    }
}
