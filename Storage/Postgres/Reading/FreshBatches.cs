namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>
/// The newest batches that this process has appended, so that its own readers which keep up get them without the database sending
/// back what it was just sent. They are here only once they are committed; what is not here is read from the database.
/// </summary>
/// <remarks>
/// A partition's batches are kept from when a reader here has read it to its end, until one of them had to make room before
/// anybody read it: then the readers are behind, or have gone.
/// </remarks>
/// <param name="maximumBytes">Bytes kept, of all partitions together; the oldest make room. 0 keeps none.</param>
internal sealed class FreshBatches(long maximumBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, FreshPartition> _followed = [];
    private readonly Queue<(int Partition, FreshBatch Batch)> _oldest = [];
    private long _bytes;

    /// <summary>Keeps a partition's batches from now on: somebody here has read it to its end.</summary>
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

    /// <summary>Keeps nothing of a partition.</summary>
    public void Forget(int partition)
    {
        lock (_gate)
        {
            _followed.Remove(partition);
        }
    }

    /// <summary>Keeps nothing of any partition: what was removed from the log must not be read.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _followed.Clear();
        }
    }

    /// <summary>Keeps a copy of a batch that was committed, if its partition is followed here.</summary>
    public void Add(int partition, long baseOffset, RecordBatch batch)
    {
        if (!IsFollowed(partition))
        {
            return;
        }

        var copy = GC.AllocateUninitializedArray<byte>(batch.Bytes.Length);
        batch.Bytes.CopyTo(copy);
        var fresh = new FreshBatch(RecordBatch.Trust(copy.AsMemory(), baseOffset));
        lock (_gate)
        {
            if (_followed.TryGetValue(partition, out var batches) && batches.TryAdd(fresh))
            {
                _oldest.Enqueue((partition, fresh));
                _bytes += copy.Length;
                MakeRoom();
            }
        }
    }

    /// <summary>Reads the batches from the one that holds an offset on; none if that one is not here.</summary>
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
