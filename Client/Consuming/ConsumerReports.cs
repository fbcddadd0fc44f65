namespace Orleans.Pipeline.Client;

/// <summary>A failed request that a consumer retries.</summary>
/// <param name="Error">The error of the request.</param>
/// <param name="Failures">The number of failures in a row, from 1.</param>
/// <param name="Wait">The time that the consumer waits before the next request.</param>
public readonly record struct ConsumerRetry(Exception Error, int Failures, TimeSpan Wait);

/// <summary>Records that retention removed before a consumer read them.</summary>
/// <param name="Partition">The records' partition.</param>
/// <param name="Offset">The offset of the first record.</param>
/// <param name="Count">The number of records.</param>
public readonly record struct LostRecords(TopicPartition Partition, long Offset, long Count);

/// <summary>Raised when retention removed records before the consumer read them.</summary>
public sealed class RecordsLostException : PipelineException
{
    internal RecordsLostException(LostRecords lost)
        : base($"Retention removed {lost.Count} records of partition {lost.Partition}, from offset {lost.Offset}, before they were read. "
            + $"Read from the first offset still kept ({lost.Offset + lost.Count}), let the consumer skip lost records "
            + $"({nameof(ConsumerSettings)}.{nameof(ConsumerSettings.WhenOvertaken)}), or keep records for longer.") => Lost = lost;

    /// <summary>The lost records.</summary>
    public LostRecords Lost { get; }
}
