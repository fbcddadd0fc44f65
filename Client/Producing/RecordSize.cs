namespace Orleans.Pipeline.Client.Producing;

/// <summary>Measures records, and refuses those that no batch may hold before they take memory.</summary>
internal static class RecordSize
{
    /// <summary>Returns the maximum bytes that a record takes in a batch.</summary>
    /// <exception cref="InvalidRecordBatchException">The record is over a limit.</exception>
    public static int Measure(in ProducerRecord record, RecordLimits limits)
    {
        var headers = record.Headers?.Count ?? 0;
        if (headers > limits.Headers)
        {
            throw new InvalidRecordBatchException($"a record has {headers} headers; the limit is {limits.Headers}.");
        }

        var bytes = BytesOf(record);
        return bytes <= Limit(limits)
            ? bytes
            : throw new InvalidRecordBatchException(
                $"a record has {bytes} bytes including its length fields; the limit is {Limit(limits)}. Send a smaller record.");
    }

    public static bool Fits(in ProducerRecord record, RecordLimits limits) =>
        (record.Headers?.Count ?? 0) <= limits.Headers && BytesOf(record) <= Limit(limits);

    private static int Limit(RecordLimits limits) => Math.Min(limits.RecordBytes, limits.BatchBytes - RecordBatch.HeaderBytes);

    private static int BytesOf(in ProducerRecord record) =>
        RecordBatchBuilder.MaximumRecordBytes(record.Key.Length, record.Value.Length, record.Headers);
}
