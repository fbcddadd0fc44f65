namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>How much memory has what was read, until it is sent.</summary>
internal static class ReadMemory
{
    /// <summary>Of batches that are sent as they are.</summary>
    public static long Of(IEnumerable<RecordBatch> batches) => batches.Sum(batch => (long)batch.Bytes.Length);

    /// <summary>Of batches that are unpacked for it, one at a time.</summary>
    public static long Unpacked(IEnumerable<RecordBatch> batches)
    {
        var (bytes, largest) = (0L, 0);
        foreach (var batch in batches)
        {
            bytes += batch.Bytes.Length;
            largest = Math.Max(largest, batch.Compression == Compression.None ? 0 : batch.UnpackedBytes);
        }

        return bytes + largest;
    }

    /// <summary>Of what was read of several partitions.</summary>
    public static IEnumerable<RecordBatch> Batches(this IEnumerable<PartitionRead> reads) => reads.SelectMany(read => read.Batches);
}
