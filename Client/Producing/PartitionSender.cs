namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// Gathers the records of one partition into batches and follows each batch to its answer. Every event (a record, an answer, the timer)
/// changes the state under one lock and then decides what to do next. A work item, outside the lock, talks to the log and to senders.
/// </summary>
internal sealed partial class PartitionSender : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _sync = new();
    private readonly ProducerContext _context;
    private readonly ProducerSettings _settings;
    private readonly TopicPartition _partition;
    private readonly StickyPartition _sticky;
    private readonly SendWindow _window;
    private readonly PartitionClock _clock;
    private readonly Queue<ProducerBatch> _closed = new();
    private readonly Queue<ProducerBatch?> _work = new();
    private ProducerBatch? _open;
    private bool _isClosed;
    private bool _isDue;
    private bool _isScheduled;

    public PartitionSender(ProducerContext context, TopicPartition partition, StickyPartition sticky, ProducerIdentity identity)
    {
        (_context, _settings, _partition, _sticky) = (context, context.Settings, partition, sticky);
        _window = new(identity, _settings.MaximumInFlight);
        _clock = new(_settings.TimeProvider, OnTimer);
    }

    /// <summary>Adds a record, for which memory must have room.</summary>
    public BatchPlace Append(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        long timestamp,
        IReadOnlyList<Header>? headers,
        int reservedBytes,
        bool isEnqueued)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(Producer));
            var isNews = CloseIf(_open?.Builder.Bytes + reservedBytes > _settings.BatchBytes);
            isNews |= _open is null;
            var open = _open ??= OpenBatch();
            if (headers is TracedHeaders traced)
            {
                open.NoteTrace(traced.Trace);
            }

            var place = open.Append(key, value, timestamp, headers, reservedBytes, isEnqueued);
            isNews |= CloseIf(open.Builder.Bytes >= _settings.BatchBytes || open.Count == BatchCompletion.MaximumRecords);
            _isDue |= _context.Memory.IsFull;
            if (isNews || (_isDue && _window.HasRoom))
            {
                Advance();
            }

            return new(open.Completion, place);
        }
    }

    public void FlushNow()
    {
        lock (_sync)
        {
            _isDue = true;
            Advance();
        }
    }

    /// <summary>Refuses further records.</summary>
    public void Close()
    {
        lock (_sync)
        {
            _isClosed = true;
        }
    }

    public void ListUnresolved(List<BatchCompletion> batches)
    {
        lock (_sync)
        {
            batches.AddRange(_window.Batches.Where(static batch => !batch.IsResolved).Select(static batch => batch.Completion));
            batches.AddRange(_closed.Select(static batch => batch.Completion));
            batches.AddRange(_work.OfType<ProducerBatch>().Select(static batch => batch.Completion));
            if (_open is { } open)
            {
                batches.Add(open.Completion);
            }
        }
    }

    public void Dispose() => _clock.Dispose();

    private ProducerBatch OpenBatch()
    {
        var now = _clock.Now;
        _isDue = _settings.Linger == TimeSpan.Zero;
        return new(
            _context.Builders.Rent(),
            new BatchCompletion(_partition, _context.Schedule),
            dueAt: now + _settings.Linger,
            deadline: _clock.Counted(now) + _settings.DeliveryTimeout);
    }

    private bool CloseIf(bool isFull)
    {
        if (!isFull)
        {
            return false;
        }

        _closed.Enqueue(_open!);
        _open = null;
        _sticky.Leave(_partition.Partition);
        return true;
    }

    private void OnTimer()
    {
        lock (_sync)
        {
            _clock.NoteWake();
            Advance();
        }
    }

    /// <summary>Decides, under the lock, which batches fail, which are sent, and when to decide again.</summary>
    private void Advance()
    {
        var now = _clock.Now;
        _isDue |= now >= _open?.DueAt;
        FailExpired(_clock.Counted(now));
        ResumeAfterGap();
        if (_context.End is { } end)
        {
            FailUnsent(end);
        }

        if (now >= _clock.PushedBackUntil)
        {
            ChooseWhatToSend(now);
        }

        SetTimer(now);
        if (!_isScheduled && _work.Count > 0)
        {
            _isScheduled = true;
            _context.Schedule(this);
        }
    }

    private void ChooseWhatToSend(TimeSpan now)
    {
        do
        {
            while (_window.TakeNextToSend(now) is { } batch)
            {
                _work.Enqueue(batch);
            }
        }
        while (_window.HasRoom && TryAddUnsent());
    }

    private bool TryAddUnsent()
    {
        CloseIf(_closed.Count == 0 && _isDue && _open is not null);
        if (!_closed.TryDequeue(out var batch))
        {
            return false;
        }

        _window.Add(batch);
        return true;
    }

    private void SetTimer(TimeSpan now)
    {
        if (_open is { } open && !_isDue)
        {
            _clock.WakeAt(open.DueAt, now);
        }

        var oldest = _open;
        if (_closed.TryPeek(out var closed))
        {
            oldest = closed;
        }

        for (var index = _window.Batches.Count - 1; index >= 0; index--)
        {
            var batch = _window.Batches[index];
            oldest = batch.IsResolved ? oldest : batch;
            if (batch.State == BatchState.BackingOff)
            {
                _clock.WakeAt(batch.RetryAt > _clock.PushedBackUntil ? batch.RetryAt : _clock.PushedBackUntil, now);
            }
        }

        if (oldest is not null)
        {
            _clock.WakeAt(_clock.WhenCounted(oldest.Deadline), now);
            if (now < _clock.PushedBackUntil)
            {
                _clock.WakeAt(_clock.PushedBackUntil, now);
            }
        }
    }
}
