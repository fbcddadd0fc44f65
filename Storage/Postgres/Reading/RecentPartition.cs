namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>The recent batches of one partition, in the order of offsets, without a gap.</summary>
internal sealed class RecentPartition
{
    private readonly List<RecentBatch> _batches = [];
    private int _first;

    /// <summary>Adds the newest batch. After a gap, left by the append of another process, the older batches are dropped.</summary>
    /// <returns>True if the batch was added; false if a batch at or after its offset is kept.</returns>
    public bool TryAdd(RecentBatch next)
    {
        if (_first < _batches.Count)
        {
            var end = _batches[^1].Batch.NextOffset;
            if (next.Batch.BaseOffset < end)
            {
                return false;
            }

            if (next.Batch.BaseOffset > end)
            {
                _batches.Clear();
                _first = 0;
            }
        }

        _batches.Add(next);
        return true;
    }

    public bool TryRemove(RecentBatch oldest)
    {
        if (_first == _batches.Count || _batches[_first] != oldest)
        {
            return false;
        }

        if (++_first > _batches.Count / 2)
        {
            _batches.RemoveRange(0, _first);
            _first = 0;
        }

        return true;
    }

    /// <summary>Reads batches, starting with the one that contains an offset, up to a number of bytes but at least one.</summary>
    public List<RecordBatch> Read(long offset, int maximumBytes)
    {
        var read = new List<RecordBatch>();
        var bytes = 0L;
        for (var index = IndexOf(offset); index >= 0 && index < _batches.Count; index++)
        {
            bytes += _batches[index].Batch.Bytes.Length;
            if (read.Count > 0 && bytes > maximumBytes)
            {
                break;
            }

            _batches[index].IsRead = true;
            read.Add(_batches[index].Batch);
        }

        return read;
    }

    /// <summary>Finds the batch that contains an offset; -1 if it is not kept.</summary>
    private int IndexOf(long offset)
    {
        var (low, high) = (_first, _batches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_batches[middle].Batch.NextOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _batches.Count && _batches[low].Batch.BaseOffset <= offset ? low : -1;
    }
}

internal sealed class RecentBatch(RecordBatch batch)
{
    public RecordBatch Batch { get; } = batch;

    public bool IsRead { get; set; }
}
