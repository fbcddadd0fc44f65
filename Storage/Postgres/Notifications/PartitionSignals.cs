namespace Orleans.Pipeline.Storage.Postgres.Notifications;

internal sealed class PartitionSignals
{
    /// <summary>Replaces the end of a partition that was deleted.</summary>
    public const long Deletion = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, PartitionSignal> _signals = [];
    private bool _closed;

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

    /// <summary>Starts watching a partition: every later append raises the signal.</summary>
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

    /// <summary>Raises the signal of a partition to its new end, or closes it after a <see cref="Deletion"/>.</summary>
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

    /// <summary>Releases every waiter, now and later.</summary>
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

/// <summary>The last known end of a partition, and the readers that wait for a higher one.</summary>
internal sealed class PartitionSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _raised = New();
    private long _end;
    private bool _closed;

    /// <summary>Gets or sets the number of watchers, guarded by <see cref="PartitionSignals"/>.</summary>
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

    /// <summary>Releases every waiter: the partition was deleted, or the store is closing.</summary>
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
