using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Sqlite.Reading;

/// <summary>Reads the bytes of batches, from their rows or from segments. Disposal ends the read transaction.</summary>
internal sealed class StoredBatches(Connection connection, SegmentFiles segments) : IDisposable
{
    private readonly BlobCursor _rows = connection.OpenBlobs("pipeline_batches", "batch");

    /// <param name="position">The key of the row.</param>
    /// <param name="place">The place in a segment; null if the batch is in its row.</param>
    public byte[] Read(long position, SegmentPlace? place) => place is { } segment ? segments.Read(segment) : _rows.Read(position);

    /// <summary>Reads the first bytes of a batch.</summary>
    public void Read(long position, SegmentPlace? place, Span<byte> first)
    {
        if (place is { } segment)
        {
            segments.Read(segment, first);
        }
        else
        {
            _rows.Read(position, first);
        }
    }

    public void Dispose() => _rows.Dispose();
}
