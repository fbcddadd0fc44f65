namespace Orleans.Pipeline.Grains;

/// <summary>
/// Passed to the error handler of a subscriber of a topic's stream when a record cannot be read as the subscriber's type. The subscriber
/// gets the records behind it.
/// </summary>
public sealed class UnreadableRecordException : PipelineException
{
    internal UnreadableRecordException(TopicPartition partition, long offset, Type type, Exception? cause)
        : base(
            $"Record {offset} of {partition} cannot be read as {type.Name}: {cause?.Message ?? "it has no value"}. It is skipped; the next "
            + "records follow. Subscribe with RecordBatch to get records as bytes.",
            cause) => (Partition, Offset) = (partition, offset);

    /// <summary>Gets the partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Gets the record's offset.</summary>
    public long Offset { get; }
}
