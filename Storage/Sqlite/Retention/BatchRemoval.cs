using Orleans.Pipeline.Storage.Sqlite.Checkpoints;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Retention;

/// <summary>Removes batches from the start of partitions on the writer thread, in slices, so that appends run in between.</summary>
internal sealed class BatchRemoval
{
    /// <summary>A slice ends with the batch that exceeds this many bytes of the database, or after this many batches.</summary>
    private const long SliceBytes = 8 << 20;
    private const int SliceBatches = 1024;

    private readonly SegmentLog _segments;
    private readonly TopicDirectory _topics;
    private readonly CheckpointTable _checkpoints;
    private readonly ProducerSequences _sequences;
    private readonly SettledRanges _settled;
    private readonly Statement _find;
    private readonly Statement _delete;
    private readonly Statement _updatePartition;
    private readonly Statement _findOrphan;
    private readonly Statement _deletePartition;

    public BatchRemoval(
        Connection connection,
        SegmentLog segments,
        TopicDirectory topics,
        CheckpointTable checkpoints,
        ProducerSequences sequences,
        SettledRanges settled)
    {
        _segments = segments;
        _topics = topics;
        _checkpoints = checkpoints;
        _sequences = sequences;
        _settled = settled;
        _find = connection.Prepare(
            $"""
            SELECT position, bytes_before, {SegmentPlace.BatchBytes}, segment FROM pipeline_batches
            WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT {SliceBatches}
            """);
        _delete = connection.Prepare("DELETE FROM pipeline_batches WHERE position BETWEEN ?1 AND ?2");
        _updatePartition = connection.Prepare("UPDATE pipeline_partitions SET start_offset = ?2, discarded = ?3 WHERE number = ?1");
        _findOrphan = connection.Prepare("SELECT number FROM pipeline_partitions WHERE topic IS NULL LIMIT 1");
        _deletePartition = connection.Prepare("DELETE FROM pipeline_partitions WHERE number = ?1");
    }

    /// <summary>Removes a slice of the batches below an offset that every task of the partition has committed.</summary>
    /// <param name="transaction">The running transaction.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="limit">The base offset of the first batch to keep.</param>
    /// <param name="discardUnread">Whether to remove, and count, uncommitted records too.</param>
    /// <returns>The number of records removed, and of unread ones among them; 0 when nothing is left to remove.</returns>
    public (long Records, long Unread) RemoveSlice(WriteTransaction transaction, TopicPartition partition, long limit, bool discardUnread)
    {
        if (_topics.FindPending(partition.Topic) is null)
        {
            return default;
        }

        var state = _topics.GetPending(partition);
        var before = state.Contents.Pending;
        var committed = _checkpoints.LowestPendingOffset(partition) ?? long.MaxValue;
        var end = discardUnread ? limit : Math.Min(limit, committed);
        if (FindSlice(state.Number, before.Start, end) is not { } slice)
        {
            return default;
        }

        Delete(transaction, state.Number, slice);
        var start = slice.Last + 1;
        var after = before with
        {
            Start = start,
            BytesBefore = slice.BytesThrough,
            Discarded = before.Discarded + Math.Max(start - Math.Max(before.Start, committed), 0),
        };
        _updatePartition.Bind(1, state.Number).Bind(2, start).Bind(3, after.Discarded).Run();
        _settled.ForgetBelow(state.Number, start);
        state.Contents.Set(after, transaction);
        return (start - before.Start, after.Discarded - before.Discarded);
    }

    /// <summary>Removes a slice of the batches of deleted topics.</summary>
    /// <returns>True if there may be more.</returns>
    public bool RemoveOrphans(WriteTransaction transaction)
    {
        if (!_findOrphan.Step())
        {
            return false;
        }

        var number = (int)_findOrphan.Integer(0);
        _findOrphan.Reset();
        if (FindSlice(number, 0, BatchPosition.MaximumOffset) is { } slice)
        {
            Delete(transaction, number, slice);
        }
        else
        {
            _sequences.ForgetPartition(number);
            _settled.ForgetBelow(number, BatchPosition.MaximumOffset);
            _deletePartition.Bind(1, number).Run();
        }

        return true;
    }

    private void Delete(WriteTransaction transaction, int number, Slice slice)
    {
        _delete.Bind(1, BatchPosition.Of(number, 0)).Bind(2, BatchPosition.Of(number, slice.Last)).Run();
        foreach (var (segment, bytes) in slice.OfSegments)
        {
            _segments.Release(transaction, segment, bytes);
        }
    }

    private Slice? FindSlice(int number, long start, long end)
    {
        Slice? slice = null;
        var bytes = 0L;
        var ofSegments = new Dictionary<long, long>();
        _find.Bind(1, BatchPosition.Of(number, start)).Bind(2, BatchPosition.Of(number, end) - 1);
        while (bytes < SliceBytes && _find.Step())
        {
            slice = new(BatchPosition.OffsetOf(_find.Integer(0)), _find.Integer(1) + _find.Integer(2), ofSegments);
            if (_find.IntegerOrNull(3) is { } segment)
            {
                ofSegments[segment] = ofSegments.GetValueOrDefault(segment) + _find.Integer(2);
            }
            else
            {
                bytes += _find.Integer(2);
            }
        }

        _find.Reset();
        return slice;
    }

    /// <param name="Last">The offset of the last record.</param>
    /// <param name="BytesThrough">The bytes of the partition up to there, since counting began.</param>
    /// <param name="OfSegments">The bytes in each segment.</param>
    private sealed record Slice(long Last, long BytesThrough, Dictionary<long, long> OfSegments);
}
