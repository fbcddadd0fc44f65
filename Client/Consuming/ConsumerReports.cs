namespace Orleans.Pipeline.Client;

/// <summary>A failed request that a consumer retries.</summary>
/// <param name="Error">Why it failed.</param>
/// <param name="Failures">How many have failed in a row, from 1 on.</param>
/// <param name="Wait">How long the consumer waits before the next.</param>
public readonly record struct ConsumerRetry(Exception Error, int Failures, TimeSpan Wait);

/// <summary>Records that retention removed before a consumer read them.</summary>
/// <param name="Partition">Their partition.</param>
/// <param name="Offset">The offset of the first.</param>
/// <param name="Count">How many they are.</param>
public readonly record struct LostRecords(TopicPartition Partition, long Offset, long Count);

/// <summary>Raised when retention removed records before the consumer read them.</summary>
public sealed class RecordsLostException : PipelineException
{
    internal RecordsLostException(LostRecords lost)
        : base($"Retention removed {lost.Count} records of partition {lost.Partition}, from offset {lost.Offset}, before they were read. "
            + $"Read from the first offset still kept ({lost.Offset + lost.Count}), let the consumer skip lost records ({nameof(ConsumerSettings)}.{nameof(ConsumerSettings.WhenOvertaken)}), or keep records for longer.") => Lost = lost;

    /// <summary>What is missing.</summary>
    public LostRecords Lost { get; }
}
