namespace Orleans.Pipeline;

/// <summary>The bounds and size of a partition.</summary>
/// <param name="Start">The first offset still kept.</param>
/// <param name="End">The offset that the next record will get.</param>
/// <param name="Bytes">The bytes of the batches kept.</param>
/// <param name="Discarded">
/// The number of records that retention removed before every pipeline on the topic had committed them; 0 unless the topic discards unread
/// records.
/// </param>
public readonly record struct PartitionBounds(long Start, long End, long Bytes, long Discarded);
