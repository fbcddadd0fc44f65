using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// The reading position of one consumer of a partition, with a read-ahead of up to two reads. At the end of the log the cursor waits for
/// the next append, without polling.
/// </summary>
/// <remarks>
/// A wait at the end of the log ends after <see cref="ReaderContext.Heartbeat"/> with a container that holds no batches. Orleans asks a
/// consumer where to read only when it delivers something. So an empty delivery finds a consumer that resumed from another offset, even
/// if nothing is appended.
/// </remarks>
internal sealed class PartitionCursor : IQueueCacheCursor
{
    private const int ReadsAhead = 2;
    private const int FailuresOfLongestPause = 10;

    private readonly PartitionReader _reader;
    private readonly StreamId _stream;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Queue<StreamBatchContainer> _ready = [];
    private StreamBatchContainer? _current;
    private bool _taken = true;
    private bool _reading;
    private Guid? _topic;
    private long? _next;

    public PartitionCursor(PartitionReader reader, StreamId stream, long? offset)
    {
        _reader = reader;
        _stream = stream;
        _next = offset;
    }

    /// <summary>
    /// Moves to the next container, unless the agent has not taken the current one. After a rewind the agent moves once, to pass the event
    /// that the consumer's token names. This cursor already starts after that event.
    /// </summary>
    public bool MoveNext()
    {
        if (!_taken)
        {
            return true;
        }

        _ = ReadAsync();
        return _ready.TryDequeue(out var next) && Stand(next);
    }

    public IBatchContainer GetCurrent(out Exception exception)
    {
        exception = null!;
        _taken = true;
        return _current!;
    }

    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure()
    {
    }

    public void Dispose() => _disposed.Cancel();

    private bool Stand(StreamBatchContainer batches)
    {
        _current = batches;
        _taken = false;
        return true;
    }

    private async Task ReadAsync()
    {
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            while (_ready.Count < ReadsAhead && !_disposed.IsCancellationRequested)
            {
                _ready.Enqueue(await ReadOnceAsync());
                _reader.Announce(_stream);
            }
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
        }
        finally
        {
            // Also after an error, which no one awaits: the next MoveNext then reads again.
            _reading = false;
        }
    }

    private async ValueTask<StreamBatchContainer> ReadOnceAsync()
    {
        var (batches, outside) = await _reader.Context.Patience.ExecuteAsync(
            static async (cursor, token) => await cursor.ReadTopicAsync(token), this, _disposed.Token);
        var first = _next!.Value;
        if (outside is not null)
        {
            return new StreamBatchContainer(_stream, outside, first, _reader.Context.Values);
        }

        if (batches.Count > 0)
        {
            _next = batches[^1].NextOffset;
            _reader.Reach(_next.Value);
        }

        return new StreamBatchContainer(_stream, batches, first, _next.Value, _reader.Context.Values);
    }

    /// <summary>
    /// Reads the next batches. A topic that was made again has other records at the same offsets. The consumer then gets an error and the
    /// records from its start. The identity is looked up after each read, so that what was read is of the topic that it is taken for.
    /// </summary>
    private async ValueTask<(IReadOnlyList<RecordBatch> Batches, OffsetOutOfRangeException? Outside)> ReadTopicAsync(
        CancellationToken cancellationToken)
    {
        var (log, partition) = (_reader.Context.Log, _reader.Partition);
        _topic ??= _reader.Topic ?? await FindTopicAsync(cancellationToken);
        _next ??= (await log.GetBoundsAsync(partition, cancellationToken)).End;
        OffsetOutOfRangeException? outside = null;
        IReadOnlyList<RecordBatch> batches = [];
        try
        {
            batches = await ReadBatchesAsync(log, partition, cancellationToken);
        }
        catch (OffsetOutOfRangeException beyond) when (beyond.End < _next)
        {
            outside = beyond;
        }

        var topic = await FindTopicAsync(cancellationToken);
        _reader.Topic ??= topic;
        if (topic != _topic)
        {
            var bounds = await log.GetBoundsAsync(partition, cancellationToken);
            outside = new OffsetOutOfRangeException(partition, _next.Value, bounds.Start, bounds.End);
            (_topic, _next) = (topic, bounds.Start);
            _reader.Replace(topic, bounds.End);
            return ([], outside);
        }

        if (outside is not null)
        {
            await _reader.Context.Patience.PauseAsync(FailuresOfLongestPause, cancellationToken);
        }

        return (batches, outside);
    }

    /// <summary>
    /// Reads the next batches of one topic. Offsets that retention has removed are skipped, and the consumer sees that in the offsets of
    /// the records.
    /// </summary>
    /// <exception cref="OffsetOutOfRangeException">
    /// The partition ends before the position. A consumer may ask ahead: it is told, and the cursor waits.
    /// </exception>
    private async ValueTask<IReadOnlyList<RecordBatch>> ReadBatchesAsync(
        ITopicLog log, TopicPartition partition, CancellationToken cancellationToken)
    {
        var context = _reader.Context;
        try
        {
            return await log.ReadAsync(partition, _next!.Value, context.ReadBytes, context.Heartbeat, cancellationToken);
        }
        catch (OffsetOutOfRangeException gone) when (gone.Start > _next)
        {
            return await log.ReadAsync(partition, gone.Start, context.ReadBytes, context.Heartbeat, cancellationToken);
        }
    }

    private async ValueTask<Guid> FindTopicAsync(CancellationToken cancellationToken) =>
        (await _reader.Context.Log.FindTopicAsync(_reader.Partition.Topic, cancellationToken))?.Id
        ?? throw new UnknownTopicException(_reader.Partition.Topic);
}
