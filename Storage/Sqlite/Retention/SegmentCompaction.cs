using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Reading;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite.Retention;

/// <summary>
/// Frees the disk of segments of which less than half is live, in slices, so that appends run in between: moves their live batches to
/// another segment. The last one takes the old segment along.
/// </summary>
/// <remarks>
/// The batches are found by a scan of the rows, over a reading connection. An index by segment would be written on each append, and a
/// segment becomes sparse only where topics with different retentions share it.
/// </remarks>
internal sealed class SegmentCompaction(Connection connection, Writer writer, ReaderPool readers, SegmentLog segments)
{
    private const int SliceBytes = 8 << 20;

    private readonly Statement _move = connection.Prepare(
        "UPDATE pipeline_batches SET segment = ?2, segment_position = ?3 WHERE position = ?1");

    private readonly Statement _find = connection.Prepare(
        "SELECT 1 FROM pipeline_batches WHERE position = ?1 AND segment = ?2 AND segment_position = ?3");

    public async Task CompactAsync(CancellationToken cancellationToken)
    {
        var sparse = await writer.WriteAsync(0, _ => segments.FindSparse(), cancellationToken);
        if (sparse.Count == 0)
        {
            return;
        }

        var next = 0L;
        while (await readers.ReadAsync(reader => reader.ReadLive(sparse, next, SliceBytes), cancellationToken) is { Count: > 0 } slice)
        {
            var bytes = slice.Sum(batch => (long)batch.Bytes.Length);
            await writer.WriteAsync(bytes, transaction => Move(transaction, slice), cancellationToken);
            next = slice[^1].Position + 1;
        }

        await writer.WriteAsync(0, transaction => segments.RemoveEmpty(transaction, sparse), cancellationToken);
    }

    private int Move(WriteTransaction transaction, List<LiveBatch> slice)
    {
        foreach (var (position, place, bytes) in slice)
        {
            if (IsStillThere(position, place))
            {
                var moved = segments.AppendMoved(transaction, bytes);
                _move.Bind(1, position).Bind(2, moved.Segment).Bind(3, moved.Position).Run();
                segments.Release(transaction, place.Segment, place.Bytes);
            }
        }

        return slice.Count;
    }

    private bool IsStillThere(long position, SegmentPlace place)
    {
        var isThere = _find.Bind(1, position).Bind(2, place.Segment).Bind(3, place.Position).Step();
        _find.Reset();
        return isThere;
    }
}
