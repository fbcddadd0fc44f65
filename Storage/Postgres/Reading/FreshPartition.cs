namespace Orleans.Pipeline.Storage.Postgres.Reading;

/// <summary>The fresh batches of one partition, in offset order, without a gap.</summary>
internal sealed class FreshPartition
{
    private readonly List<FreshBatch> _batches = [];
    private int _first;

    /// <summary>Adds the newest one. After a gap, where another process has appended, the batches begin anew.</summary>
    /// <returns>Whether it was added; not if one at or after it is here.</returns>
    public bool TryAdd(FreshBatch next)
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

    /// <summary>Removes the oldest one, if it is this.</summary>
    public bool TryRemove(FreshBatch oldest)
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

    /// <summary>Reads from the batch that holds an offset on, up to so many bytes but one batch at least; none if that one is not here.</summary>
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

    /// <summary>Finds the batch that holds an offset, by halving; -1 if it is not here.</summary>
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

/// <summary>A batch that this process has appended, with its offsets.</summary>
internal sealed class FreshBatch(RecordBatch batch)
{
    public RecordBatch Batch { get; } = batch;

    /// <summary>Whether a reader here has had it.</summary>
    public bool IsRead { get; set; }
}
