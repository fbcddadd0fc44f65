namespace Orleans.Pipeline.Storage.Postgres.Waking;

/// <summary>The signals of the partitions that somebody watches here.</summary>
internal sealed class PartitionSignals
{
    /// <summary>Stands for the end of a partition that is gone.</summary>
    public const long Gone = -1;

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

            if (end == Gone)
            {
                _signals.Remove(partition);
            }
        }

        if (end == Gone)
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
