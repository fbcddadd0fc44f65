namespace Orleans.Pipeline.Processing;

/// <summary>
/// What a task has committed since its process started, and how fast. Written by the task, read by whoever asks for status.
/// </summary>
public sealed class TaskProgress
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly RateMeter _rate;
    private readonly List<(long Offset, TaskCompletionSource Reached)> _waiters = [];
    private readonly TimeProvider _timeProvider;
    private long _processed;
    private long _deadLetters;
    private long _committed;
    private string? _error;

    /// <summary>Starts counting.</summary>
    /// <param name="timeProvider">The clock.</param>
    public TaskProgress(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _rate = new RateMeter(timeProvider);
    }

    /// <summary>The first offset not yet committed.</summary>
    public long NextOffset => Interlocked.Read(ref _committed);

    /// <summary>Records whose effects were committed, dead letters not counted.</summary>
    public long Processed => Interlocked.Read(ref _processed);

    /// <summary>Records that became dead letters.</summary>
    public long DeadLetters => Interlocked.Read(ref _deadLetters);

    /// <summary>What the task is waiting to go away, or null.</summary>
    public string? Error => Volatile.Read(ref _error);

    /// <summary>Records committed per second over the last seconds.</summary>
    public double RecordsPerSecond
    {
        get
        {
            lock (_lock)
            {
                return _rate.PerSecond();
            }
        }
    }

    /// <summary>Waits until every offset below one is committed.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WhenCommittedAsync(long offset, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (NextOffset >= offset)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((offset, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    internal void MoveTo(long nextOffset)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _committed, nextOffset);
            WakeWaiters();
        }
    }

    internal void Committed(PendingBatch batch)
    {
        var milliseconds = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds() - batch.Timestamp;
        lock (_lock)
        {
            _latency.Record(milliseconds, batch.NextOffset - batch.FirstOffset);
        }
    }

    internal void Committed(long nextOffset, long records, int deadLetters)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _processed, records - deadLetters);
            Interlocked.Add(ref _deadLetters, deadLetters);
            Interlocked.Exchange(ref _committed, nextOffset);
            _rate.Add(records);
            WakeWaiters();
        }
    }

    internal void Fail(string? error) => Volatile.Write(ref _error, error);

    internal void AddLatencyTo(LatencyHistogram histogram)
    {
        lock (_lock)
        {
            histogram.Add(_latency);
        }
    }

    private void WakeWaiters()
    {
        for (var index = _waiters.Count - 1; index >= 0; index--)
        {
            if (_waiters[index].Offset <= _committed)
            {
                _waiters[index].Reached.TrySetResult();
                _waiters.RemoveAt(index);
            }
        }
    }
}
