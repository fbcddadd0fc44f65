using System.Threading.Channels;
using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Client.Consuming;

/// <summary>
/// Reads ahead of one enumeration, as far as its budget allows. Requests follow one another; each one covers all partitions, from where the
/// previous one ended. A failed request is retried from the same offsets, so no gateway's answer skips or repeats a record.
/// </summary>
internal sealed class Prefetch
{
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(5);

    private readonly ConsumerContext _context;
    private readonly ByteBudget _budget;
    private readonly int _requestBytes;
    private readonly Channel<FetchedBatch> _batches;
    private readonly Dictionary<int, PartitionCursor> _cursors = [];
    private readonly ConsumerProgress _progress;
    private long? _lagNotedAt;

    public Prefetch(ConsumerContext context, ConsumerProgress progress, bool isInline)
    {
        (_context, _progress) = (context, progress);
        _budget = new(context.Settings.PrefetchBytes, isInline);
        _requestBytes = (int)Math.Min(context.Settings.ReadBytes, context.Settings.PrefetchBytes);
        _batches = Channel.CreateUnbounded<FetchedBatch>(
            new() { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = isInline });
    }

    /// <summary>The batches read, in order per partition. The channel completes at the end of the partitions, or with the error.</summary>
    public ChannelReader<FetchedBatch> Batches => _batches.Reader;

    public void Release(in FetchedBatch batch) => _budget.Release(batch.Batch.Bytes.Length);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var cursor in await new StartingPoints(_context).FindAsync(_progress.Reached, cancellationToken).ConfigureAwait(false))
            {
                _cursors.Add(cursor.Partition, cursor);
            }

            _progress.Begin(_cursors.Values);
            while (_cursors.Values.Any(static cursor => !cursor.IsAtStop))
            {
                await _budget.TakeAsync(_requestBytes, cancellationToken).ConfigureAwait(false);
                var reads = await _context.AskAsync(ReadAsync, cancellationToken).ConfigureAwait(false);
                var bytes = reads.Sum(static read => read.Batches.Sum(static batch => (long)batch.Bytes.Length));
                _budget.Release(_requestBytes - bytes);
                _context.Telemetry.NoteReceived(bytes);
                Pass(reads);
            }

            _batches.Writer.Complete();
        }
        catch (Exception error)
        {
            _batches.Writer.Complete(error);
        }

        _context.Telemetry.NoteLag(0);
    }

    private async ValueTask<IReadOnlyList<PartitionRead>> ReadAsync(CancellationToken cancellationToken)
    {
        var positions = new List<PartitionOffset>(_cursors.Count);
        foreach (var cursor in _cursors.Values)
        {
            if (!cursor.IsAtStop)
            {
                positions.Add(new(cursor.Partition, cursor.Next) { TopicId = _context.TopicId });
            }
        }

        await MayNoteLagAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _context.Log.ReadAnyAsync(_context.Topic, positions, _requestBytes, _context.Settings.Wait, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OffsetOutOfRangeException outside) when (outside.Offset < outside.Start)
        {
            var bounds = await _context.Log.GetTopicBoundsAsync(_context.Topic, cancellationToken).ConfigureAwait(false);
            var isMoved = false;
            foreach (var cursor in _cursors.Values)
            {
                isMoved |= PassOver(cursor, bounds[cursor.Partition].Start);
            }

            if (!isMoved)
            {
                throw;
            }

            return [];
        }
    }

    private async ValueTask MayNoteLagAsync(CancellationToken cancellationToken)
    {
        var time = _context.Settings.TimeProvider;
        if (ConsumerTelemetry.WantsLag && (_lagNotedAt is not { } notedAt || time.GetElapsedTime(notedAt) >= LagInterval))
        {
            var bounds = await _context.Log.GetTopicBoundsAsync(_context.Topic, cancellationToken).ConfigureAwait(false);
            _lagNotedAt = time.GetTimestamp();
            _context.Telemetry.NoteLag(_progress.LagBehind(bounds, _context.Settings.Partitions));
        }
    }

    /// <summary>Hands batches to the reader, one of each partition in turn.</summary>
    private void Pass(IReadOnlyList<PartitionRead> reads)
    {
        var most = reads.Count == 0 ? 0 : reads.Max(static read => read.Batches.Count);
        for (var index = 0; index < most; index++)
        {
            foreach (var read in reads)
            {
                if (index < read.Batches.Count)
                {
                    Pass(_cursors[read.Partition], read.Batches[index]);
                }
            }
        }
    }

    private void Pass(PartitionCursor cursor, RecordBatch batch)
    {
        PassOver(cursor, batch.BaseOffset);
        _batches.Writer.TryWrite(new(cursor.Partition, batch, cursor.Next, cursor.Stop));
        (cursor.Next, cursor.IsFloating) = (Math.Max(cursor.Next, batch.NextOffset), false);
    }

    /// <summary>Skips to the first offset still kept, if that is beyond the next offset to read.</summary>
    /// <returns>Whether offsets were skipped.</returns>
    private bool PassOver(PartitionCursor cursor, long start)
    {
        if (cursor.IsAtStop || cursor.Next >= start)
        {
            return false;
        }

        var lost = new LostRecords(new(_context.Topic, cursor.Partition), cursor.Next, Math.Min(start, cursor.Stop) - cursor.Next);
        if (!cursor.IsFloating && _context.Settings.WhenOvertaken == WhenOvertaken.Fail)
        {
            throw new RecordsLostException(lost);
        }

        cursor.Next = start;
        if (!cursor.IsFloating)
        {
            _context.Telemetry.NoteLost(lost.Count);
            _context.OnLost?.Invoke(lost);
        }

        return true;
    }
}

internal sealed class PartitionCursor(int partition, long next)
{
    public int Partition { get; } = partition;

    public long Next { get; set; } = next;

    /// <summary>The offset to stop before.</summary>
    public long Stop { get; init; } = long.MaxValue;

    /// <summary>
    /// Whether the starting point was not given as an offset and nothing was read yet. If so, records that retention removes meanwhile do
    /// not count as lost.
    /// </summary>
    public bool IsFloating { get; set; }

    public bool IsAtStop => Next >= Stop;
}

/// <param name="Partition">The batch's partition.</param>
/// <param name="Batch">The batch, as it is in the log.</param>
/// <param name="From">The first offset to return.</param>
/// <param name="Stop">The offset to stop before.</param>
internal readonly record struct FetchedBatch(int Partition, RecordBatch Batch, long From, long Stop);
