namespace Orleans.Pipeline.Storage.Postgres.Waking;

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
