namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>The signals of the partitions that somebody watches here.</summary>
internal sealed class PartitionSignals
{
    /// <summary>Stands for the end of a partition that is gone.</summary>
    public const long Deletion = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, PartitionSignal> _signals = [];
    private bool _closed;

    /// <summary>The partitions that are watched.</summary>
    public int[] Watched
    {
        get
        {
            lock (_gate)
            {
                return [.. _signals.Keys];
            }
        }
    }

    /// <summary>Begins to watch a partition: what is appended from now on raises the signal.</summary>
    public PartitionSignal Watch(int partition)
    {
        lock (_gate)
        {
            if (!_signals.TryGetValue(partition, out var signal))
            {
                _signals.Add(partition, signal = new());
                if (_closed)
                {
                    signal.Close();
                }
            }

            signal.Watchers++;
            return signal;
        }
    }

    /// <summary>Ends to watch a partition.</summary>
    public void Unwatch(int partition, PartitionSignal signal)
    {
        lock (_gate)
        {
            if (--signal.Watchers == 0 && _signals.TryGetValue(partition, out var present) && present == signal)
            {
                _signals.Remove(partition);
            }
        }
    }

    /// <summary>Tells that a partition ends at an offset, or is gone.</summary>
    public void Raise(int partition, long end)
    {
        PartitionSignal? signal;
        lock (_gate)
        {
            if (!_signals.TryGetValue(partition, out signal))
            {
                return;
            }

            if (end == Deletion)
            {
                _signals.Remove(partition);
            }
        }

        if (end == Deletion)
        {
            signal.Close();
        }
        else
        {
            signal.Raise(end);
        }
    }

    /// <summary>Lets nobody wait any more.</summary>
    public void Close()
    {
        PartitionSignal[] signals;
        lock (_gate)
        {
            _closed = true;
            signals = [.. _signals.Values];
        }

        foreach (var signal in signals)
        {
            signal.Close();
        }
    }
}

/// <summary>Where a partition ends as far as was heard here, and who waits for it to end higher.</summary>
internal sealed class PartitionSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _raised = New();
    private long _end;
    private bool _closed;

    /// <summary>How many watch it; guarded by <see cref="PartitionSignals"/>.</summary>
    public int Watchers { get; set; }

    /// <summary>Waits until the partition may end above an offset.</summary>
    public async ValueTask WaitAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task raised;
            lock (_gate)
            {
                if (_closed || _end > offset)
                {
                    return;
                }

                raised = _raised.Task;
            }

            await raised.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Tells that the partition ends at an offset.</summary>
    public void Raise(long end)
    {
        TaskCompletionSource raised;
        lock (_gate)
        {
            if (end <= _end)
            {
                return;
            }

            _end = end;
            raised = _raised;
            _raised = New();
        }

        raised.TrySetResult();
    }

    /// <summary>Tells that the partition is gone, or the store is closing: nobody waits any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _raised.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
