using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <content>Puts records into batches, and opens the producer for the first of them.</content>
public sealed partial class Producer
{
    private ValueTask<SendResult> PlaceOrWaitAsync(in ProducerRecord record, bool isBorrowed, CancellationToken cancellationToken) =>
        TryPlace(record, isEnqueued: false, out var place)
            ? place.Result
            : SendLaterAsync(isBorrowed ? record.Copy() : record, cancellationToken);

    private ValueTask PlaceEnqueuedAsync(in ProducerRecord record, bool isBorrowed, CancellationToken cancellationToken) =>
        TryPlace(record, isEnqueued: true, out _)
            ? default
            : new(PlaceLaterAsync(isBorrowed ? record.Copy() : record, isEnqueued: true, cancellationToken));

    private async ValueTask<SendResult> SendLaterAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        var place = await PlaceLaterAsync(record, isEnqueued: false, cancellationToken).ConfigureAwait(false);
        return await place.Result.ConfigureAwait(false);
    }

    private Task<BatchPlace> PlaceLaterAsync(ProducerRecord record, bool isEnqueued, CancellationToken cancellationToken)
    {
        var waiting = new WaitingRecord(record, RecordSize.Measure(record, _context.Settings.Limits), isEnqueued, _context.Schedule);
        _context.Memory.Join(waiting);
        StartOnce();
        return waiting.EnteredAsync(cancellationToken);
    }

    private bool TryPlace(in ProducerRecord record, bool isEnqueued, out BatchPlace place)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosing, this);
        var bytes = RecordSize.Measure(record, _context.Settings.Limits);
        if (!_context.Memory.TryEnter(bytes))
        {
            place = default;
            return false;
        }

        try
        {
            place = Place(record, bytes, isEnqueued);
            return true;
        }
        catch
        {
            _context.Memory.Release(bytes);
            throw;
        }
    }

    private BatchPlace Place(in ProducerRecord record, int reservedBytes, bool isEnqueued)
    {
        if (_context.End is { } end)
        {
            throw end;
        }

        var timestamp = record.Timestamp ?? _context.Settings.TimeProvider.GetUtcNow();
        return _senders!.For(record).Append(
            record.Key.Span, record.Value.Span, timestamp.ToUnixTimeMilliseconds(), record.Headers, reservedBytes, isEnqueued);
    }

    private void StartOnce()
    {
        lock (_sync)
        {
            if (_isStarting || _senders is not null)
            {
                return;
            }

            _isStarting = true;
        }

        _context.Schedule(new Start(this));
    }

    private async Task StartAsync()
    {
        try
        {
            _senders = await PartitionSenders.OpenAsync(_context).ConfigureAwait(false);
            _context.Memory.Open();
        }
        catch (Exception error)
        {
            _startFailure = error;
            lock (_sync)
            {
                _isStarting = false;
            }

            _context.Memory.Refuse(error);
        }
    }

    /// <summary>Starts the producer on the thread pool, so that the producer keeps nothing of its first sender's context.</summary>
    private sealed class Start(Producer producer) : IThreadPoolWorkItem
    {
        public void Execute() => _ = producer.StartAsync();
    }
}
