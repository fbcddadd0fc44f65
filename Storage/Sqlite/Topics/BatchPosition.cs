namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>
/// The key of a batch: its partition's number in the upper 20 bits and the offset of its last record in the lower 43, so that the
/// first batch at or after the position of an offset is the one that contains the offset.
/// </summary>
internal static class BatchPosition
{
    /// <summary>The maximum number of partitions in a store, over all topics.</summary>
    public const int MaximumPartitions = 1 << 20;

    public const long MaximumOffset = (1L << OffsetBits) - 1;

    private const int OffsetBits = 43;

    public static long Of(int partitionNumber, long offset) => ((long)partitionNumber << OffsetBits) | offset;

    public static long OffsetOf(long position) => position & MaximumOffset;
}
