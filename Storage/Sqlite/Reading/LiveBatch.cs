using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Sqlite.Reading;

/// <summary>A batch of a segment that mostly holds removed ones.</summary>
/// <param name="Position">The key of its row.</param>
/// <param name="Place">Its place in the segment.</param>
/// <param name="Bytes">The batch.</param>
internal sealed record LiveBatch(long Position, SegmentPlace Place, byte[] Bytes);
