namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>What a partition holds.</summary>
/// <param name="Start">The first offset kept.</param>
/// <param name="End">The offset that the next record will get.</param>
/// <param name="BytesBefore">Bytes of the batches removed since counting began, before the first kept.</param>
/// <param name="BytesThrough">The same through the last batch; the difference is what is kept.</param>
/// <param name="MaximumTimestamp">The newest timestamp of the batches, those removed since counting began included.</param>
/// <param name="Discarded">Records removed that some pipeline had not committed.</param>
internal sealed record PartitionContents(
    long Start, long End, long BytesBefore, long BytesThrough, long MaximumTimestamp, long Discarded)
{
    public PartitionBounds Bounds => new(Start, End, BytesThrough - BytesBefore, Discarded);
}
