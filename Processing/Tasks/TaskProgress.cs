using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline.Tasks;

/// <summary>The progress of a task since its process started, and its rates. The task writes it; requests for a status read it.</summary>
internal sealed class TaskProgress
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly RateMeter _records;
    private readonly RateMeter _bytes;
    private readonly List<(long Offset, TaskCompletionSource Reached)> _waiters = [];
    private readonly TimeProvider _timeProvider;
    private RateMeter[] _written = [];
    private long _processed;
    private long _deadLetters;
    private long _committed;
    private long _retries;
    private int _chunks;
    private int _chunksRunning;
    private string? _error;

    public TaskProgress(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _records = new RateMeter(timeProvider);
        _bytes = new RateMeter(timeProvider);
    }

    public long NextOffset => Interlocked.Read(ref _committed);

    /// <summary>Records whose effects were committed, dead letters not counted.</summary>
    public long Processed => Interlocked.Read(ref _processed);

    public long DeadLetters => Interlocked.Read(ref _deadLetters);

    /// <summary>The last error while the task retries or after it stopped; otherwise null.</summary>
    public string? Error
    {
        get => Volatile.Read(ref _error);
        set => Volatile.Write(ref _error, value);
    }

    /// <summary>Retries of records whose step failed, counted once the record is committed, and of the task's own operations.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    public double RecordsPerSecond
    {
        get
        {
            lock (_lock)
            {
                return _records.PerSecond();
            }
        }
    }

    /// <summary>Bytes of records committed per second over the last seconds, unpacked.</summary>
    public double BytesPerSecond
    {
        get
        {
            lock (_lock)
            {
                return _bytes.PerSecond();
            }
        }
    }

    /// <summary>
    /// Records, rows or values that commits wrote to each sink per second over the last seconds; empty before the first write.
    /// </summary>
    public IReadOnlyList<double> WrittenPerSecond
    {
        get
        {
            lock (_lock)
            {
                return Array.ConvertAll(_written, static sink => sink.PerSecond());
            }
        }
    }

    internal int ChunksRunning => Volatile.Read(ref _chunksRunning);

    internal int ChunksWaiting => Math.Max(0, Volatile.Read(ref _chunks) - ChunksRunning);

    /// <summary>Waits until every offset below one is committed.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WhenCommittedAsync(long offset, CancellationToken cancellationToken = default)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (NextOffset >= offset)
            {
                return;
            }

            _waiters.Add((offset, reached));
        }

        await using var cancelled = cancellationToken.UnsafeRegister(_ => GiveUp(reached, cancellationToken), null);
        await reached.Task;
    }

    internal void MoveTo(long nextOffset)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _committed, nextOffset);
            WakeWaiters();
        }
    }

    internal void Committed(CommitGroup group, IReadOnlyList<SinkVolume> written)
    {
        var now = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            foreach (var batch in group.Batches.Where(batch => batch.Records > 0))
            {
                _latency.Record(now - batch.Timestamp, batch.Records);
            }

            Interlocked.Add(ref _processed, group.Records - group.DeadLetters);
            Interlocked.Add(ref _deadLetters, group.DeadLetters);
            Interlocked.Exchange(ref _committed, group.NextOffset);
            Interlocked.Add(ref _retries, group.Retries);
            _records.Add(group.Records);
            _bytes.Add(group.Bytes);
            CountWritten(written);
            WakeWaiters();
        }
    }

    internal void Retried() => Interlocked.Increment(ref _retries);

    internal void ChunkHandedOver() => Interlocked.Increment(ref _chunks);

    internal void ChunkBack() => Interlocked.Decrement(ref _chunks);

    internal void ChunkBegun() => Interlocked.Increment(ref _chunksRunning);

    internal void ChunkEnded() => Interlocked.Decrement(ref _chunksRunning);

    internal void AddLatencyTo(LatencyHistogram histogram)
    {
        lock (_lock)
        {
            histogram.Add(_latency);
        }
    }

    private void CountWritten(IReadOnlyList<SinkVolume> written)
    {
        if (_written.Length < written.Count)
        {
            _written = [.. written.Select(_ => new RateMeter(_timeProvider))];
        }

        for (var sink = 0; sink < written.Count; sink++)
        {
            _written[sink].Add(written[sink].Records);
        }
    }

    private void GiveUp(TaskCompletionSource reached, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiters.RemoveAll(waiter => waiter.Reached == reached);
        }

        reached.TrySetCanceled(cancellationToken);
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
