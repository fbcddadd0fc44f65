namespace Orleans.Pipeline;

/// <summary>Raised when bytes from outside are not a valid record batch.</summary>
public sealed class InvalidRecordBatchException(string fault) : PipelineException($"The record batch was refused: {fault}")
{
    /// <summary>Names the place of a batch that was read from a log.</summary>
    internal InvalidRecordBatchException(TopicPartition partition, long offset, string fault)
        : this($"the batch of {partition} at offset {offset} cannot be read: {fault}") => (Partition, Offset) = (partition, offset);

    /// <summary>Gets the partition of a batch that was read; null for one that was to be appended.</summary>
    public TopicPartition? Partition { get; }

    /// <summary>Gets the offset of the first record of a batch that was read; null for one that was to be appended.</summary>
    public long? Offset { get; }

    /// <summary>The message without its introduction.</summary>
    internal string Fault { get; } = fault;
}
