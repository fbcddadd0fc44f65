namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The batches of a partition in offset order, what is known of its producers, and the signal for its readers.</summary>
internal sealed class MemoryPartition(TopicPartition partition, WaitingReaders readers)
{
    private readonly List<(RecordBatch Batch, DateTimeOffset AppendedAt)> _batches = [];
    private TaskCompletionSource _changed = new();
    private long _start;
    private long _end;
    private long _bytes;
    private long _discarded;

    public TopicPartition Partition => partition;

    public MemorySequences Sequences { get; } = new(partition);

    public SettledRanges Settled { get; } = new();

    public PartitionBounds Bounds => new(_start, _end, _bytes, _discarded);

    /// <summary>Completes with the next append, or when the topic is deleted.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Appends a copy of a batch, because its bytes are the caller's.</summary>
    public AppendResult Append(RecordBatch batch, DateTimeOffset now)
    {
        var appended = RecordBatch.Trust(batch.Bytes.ToArray(), _end);
        _batches.Add((appended, _batches is [.., var last] && last.AppendedAt > now ? last.AppendedAt : now));
        _end = appended.NextOffset;
        _bytes += appended.Bytes.Length;
        WakeReaders();
        return new(appended.BaseOffset, appended.NextOffset, IsRepeat: false);
    }

    /// <summary>Reads the batches from the one that holds an offset; none at the end.</summary>
    /// <exception cref="OffsetOutOfRangeException">The partition does not hold the offset.</exception>
    public IReadOnlyList<RecordBatch> Read(long offset, int maximumBytes)
    {
        if (offset < _start || offset > _end)
        {
            throw new OffsetOutOfRangeException(partition, offset, _start, _end);
        }

        var read = new List<RecordBatch>();
        var bytes = 0L;
        for (var index = FindIndex(offset); index < _batches.Count; index++)
        {
            var batch = _batches[index].Batch;
            bytes += batch.Bytes.Length;
            if (bytes > maximumBytes && read.Count > 0)
            {
                break;
            }

            read.Add(batch);
        }

        return read;
    }

    /// <summary>Moves an offset to the nearest that a task can be at.</summary>
    public long Clamp(long offset) => Math.Clamp(offset, _start, _end);

    /// <summary>Finds the base offset of the first batch with a record at or after a time; the end if there is none.</summary>
    public long FindOffset(DateTimeOffset time)
    {
        var index = _batches.FindIndex(held => TimeOf(held.Batch, held.AppendedAt) >= time);
        return index < 0 ? _end : _batches[index].Batch.BaseOffset;
    }

    /// <exception cref="OffsetOutOfRangeException">The partition does not hold all records of the range.</exception>
    public void RequireHeld(OffsetRange range)
    {
        if (range.First < _start || range.Next > _end)
        {
            throw new OffsetOutOfRangeException(partition, range.First < _start ? range.First : range.Next, _start, _end);
        }
    }

    /// <summary>Removes the batches at the start that are too old or too many.</summary>
    /// <param name="settings">What the topic keeps.</param>
    /// <param name="committed">The lowest next offset of the partition's tasks; the highest number if it has none.</param>
    /// <param name="now">The time by which age is judged.</param>
    /// <returns>The number of records removed, and how many of them were not committed.</returns>
    public (long Records, long Unread) Trim(TopicSettings settings, long committed, DateTimeOffset now)
    {
        var before = Bounds;
        var removed = 0;
        foreach (var (batch, appendedAt) in _batches)
        {
            var isOver = now - appendedAt > settings.RetentionAge || _bytes > settings.RetentionBytes;
            if (!isOver || (batch.NextOffset > committed && !settings.DiscardUnread))
            {
                break;
            }

            removed++;
            _start = batch.NextOffset;
            _bytes -= batch.Bytes.Length;
        }

        _batches.RemoveRange(0, removed);
        Settled.Forget(_start);
        var unread = Math.Max(_start - Math.Max(before.Start, committed), 0);
        _discarded += unread;
        return (_start - before.Start, unread);
    }

    public void WakeReaders()
    {
        readers.Wake(_changed);
        _changed = new();
    }

    /// <summary>Finds the first batch that ends after an offset, by halves.</summary>
    private int FindIndex(long offset)
    {
        var (first, end) = (0, _batches.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _batches[middle].Batch.NextOffset <= offset ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    /// <summary>The newest time of a batch; that of one dated ahead is a little after its append.</summary>
    private static DateTimeOffset TimeOf(RecordBatch batch, DateTimeOffset appendedAt)
    {
        var newest = DateTimeOffset.FromUnixTimeMilliseconds(batch.MaximumTimestamp);
        return newest < appendedAt + RecordTime.MaximumAhead ? newest : appendedAt + RecordTime.MaximumAhead;
    }
}
