namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Computes the memory of batches that were read and are not sent yet.</summary>
internal static class ReadMemory
{
    public static long Of(IEnumerable<RecordBatch> batches) => batches.Sum(batch => (long)batch.Bytes.Length);

    /// <summary>The memory of batches that are decompressed to be sent, one at a time.</summary>
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

    public static IEnumerable<RecordBatch> Batches(this IEnumerable<PartitionRead> reads) => reads.SelectMany(read => read.Batches);
}
