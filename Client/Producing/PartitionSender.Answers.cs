using System.Diagnostics;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>The work of a sender outside its lock, and the handling of the log's answers.</summary>
internal sealed partial class PartitionSender
{
    private bool _isOpeningIdentity;
    private Exception? _gapCause;

    /// <summary>Does the decided work in order: sends a batch, reports a resolved one, or opens an identity (null).</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            ProducerBatch? batch;
            bool isResolved;
            ProducerIdentity identity;
            lock (_sync)
            {
                if (!_work.TryPeek(out batch))
                {
                    _isScheduled = false;
                    return;
                }

                isResolved = batch is { IsResolved: true };
                identity = _window.Identity;
            }

            if (batch is null)
            {
                _ = OpenIdentityAsync();
            }
            else if (isResolved)
            {
                Report(batch);
            }
            else
            {
                batch.Seal(identity, _settings.Compression);
                NoteSend(batch);
                _ = SendAsync(batch);
            }

            lock (_sync)
            {
                _work.Dequeue();
            }
        }
    }

    private async Task SendAsync(ProducerBatch batch)
    {
        AppendResult result = default;
        Exception? error = null;
        var pushedBackFor = TimeSpan.Zero;
        if (batch.Span is { } span)
        {
            Activity.Current = span;
        }

        try
        {
            result = await _context.Log.AppendAsync(_partition, _context.TopicId, batch.Bytes, batch.StopToken).ConfigureAwait(false);
        }
        catch (Exception refused)
        {
            error = refused;
        }

        lock (_sync)
        {
            pushedBackFor = NotePushBack(error as BackpressureException);
            if (!batch.IsResolved)
            {
                TakeAnswer(batch, result, error);
            }

            Advance();
        }

        if (error is BackpressureException pushedBack)
        {
            _context.ReportPushBack(pushedBack, pushedBackFor);
        }
    }

    /// <summary>Records, outside the lock, that a batch is sent. Its span begins at the first send.</summary>
    private void NoteSend(ProducerBatch batch)
    {
        if (batch.NoteSend(_clock.Now) > 1)
        {
            _context.NoteRetry();
        }
        else
        {
            batch.Span = _context.Telemetry.StartSend(_partition, batch);
        }
    }

    /// <returns>The time by which the partition's wait is extended.</returns>
    private TimeSpan NotePushBack(BackpressureException? pushedBack)
    {
        if (pushedBack is null)
        {
            return TimeSpan.Zero;
        }

        var now = _clock.Now;
        var wait = pushedBack.RetryAfter > TimeSpan.Zero ? pushedBack.RetryAfter : _settings.InitialBackoff;
        return _clock.PushBack(now, now + wait, counts: _context.IsClosing);
    }

    private void TakeAnswer(ProducerBatch batch, AppendResult result, Exception? error)
    {
        switch (error)
        {
            case null:
                _window.Acknowledge(batch);
                batch.Succeed(result.BaseOffset);
                _work.Enqueue(batch);
                break;
            case SequenceGapException when _window.Hold(batch):
                break;
            case SequenceGapException:
                FailSent(batch, DeliveryException.Unresolved(_partition, batch, _gapCause ?? error));
                break;
            case BackpressureException:
                _window.Defer(batch, error, _clock.PushedBackUntil);
                break;
            case DuplicateSequenceException:
                _window.Acknowledge(batch);
                Fail(batch, error);
                break;
            case ProducerFencedException or TopicReplacedException:
                _context.EndWith((PipelineException)error);
                FailSent(batch, error);
                break;
            case var _ when _context.Retry.IsTransient(error, CancellationToken.None):
                batch.LoseAnswer();
                _window.Defer(batch, error, _clock.Now + _context.Retry.DelayAfter(batch.LostAnswers, error));
                break;
            default:
                FailSent(batch, error);
                break;
        }
    }

    /// <summary>
    /// Starts the sequence again under the next epoch after a batch failed for good, once no append of the old epoch is in flight. The
    /// partition refuses the old epoch after it has seen the new one. A batch that was given up and is still on its way can therefore not
    /// be appended behind a later one.
    /// </summary>
    private void ResumeAfterGap()
    {
        var isWanted = _window.Batches.Count > 0 || _closed.Count > 0 || (_open is not null && _isDue);
        if (_isOpeningIdentity || !isWanted || !_window.NeedsIdentity)
        {
            return;
        }

        if (_settings.Name is { } name)
        {
            _context.EndWith(DeliveryException.NamedProducerFailed(name, _partition, _gapCause));
        }
        else if (_window.Identity is { Epoch: < short.MaxValue } identity)
        {
            _gapCause = null;
            _window.StartAgain(identity with { Epoch = (short)(identity.Epoch + 1) });
        }
        else
        {
            _isOpeningIdentity = true;
            _work.Enqueue(null);
        }
    }

    private async Task OpenIdentityAsync()
    {
        ProducerIdentity identity = default;
        Exception? error = null;
        try
        {
            identity = await _context.AskAsync(token => _context.Log.OpenProducerAsync(name: null, token)).ConfigureAwait(false);
        }
        catch (Exception refused)
        {
            error = refused;
        }

        lock (_sync)
        {
            _isOpeningIdentity = false;
            if (error is null)
            {
                _gapCause = null;
                _window.StartAgain(identity);
            }
            else
            {
                FailUnsent(error);
            }

            Advance();
        }
    }

    private void FailExpired(TimeSpan counted)
    {
        for (var index = _window.Batches.Count - 1; index >= 0; index--)
        {
            var batch = _window.Batches[index];
            if (!batch.IsResolved && batch.Deadline <= counted)
            {
                FailSent(batch, TimedOut(batch));
            }
        }

        while (_closed.TryPeek(out var closed) && closed.Deadline <= counted)
        {
            Fail(_closed.Dequeue(), TimedOut(closed));
        }

        if (_open is { } open && open.Deadline <= counted)
        {
            _open = null;
            Fail(open, TimedOut(open));
        }
    }

    /// <summary>Fails every batch that waits to be sent and is certainly not in the log.</summary>
    private void FailUnsent(Exception error)
    {
        while (_window is { NeedsIdentity: true, Batches: [.., var last] })
        {
            FailSent(last, error);
        }

        while (_closed.TryDequeue(out var closed))
        {
            Fail(closed, error);
        }

        if (_open is { } open)
        {
            _open = null;
            Fail(open, error);
        }
    }

    private DeliveryException TimedOut(ProducerBatch batch) => DeliveryException.TimedOut(_partition, batch, _settings.DeliveryTimeout);

    private void FailSent(ProducerBatch batch, Exception error)
    {
        _gapCause ??= error;
        _window.Remove(batch);
        Fail(batch, error);
    }

    private void Fail(ProducerBatch batch, Exception error)
    {
        batch.Fail(error);
        _work.Enqueue(batch);
    }

    private void Report(ProducerBatch batch)
    {
        if (!batch.TryReport())
        {
            return;
        }

        if (batch.Failure is { } failure && batch.EnqueuedRecords > 0)
        {
            _context.Failures.Keep(batch.EnqueuedRecords, failure);
        }

        _context.Telemetry.NoteResolved(batch, _clock.Now - batch.SentAt);
        batch.Complete();
        if (batch.IsReusable)
        {
            _context.Builders.Return(batch.Builder);
        }

        _context.Memory.Release(batch.ReservedBytes);
    }
}
