namespace Orleans.Pipeline.Client;

/// <summary>Raised when a record's value cannot be read as the requested type.</summary>
public sealed class InvalidValueException : PipelineException
{
    private InvalidValueException(in ConsumerRecord record, string message, Exception? cause)
        : base(message, cause) => (Partition, Offset) = (record.Partition, record.Offset);

    /// <summary>The record's partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The record's offset.</summary>
    public long Offset { get; }

    internal static InvalidValueException Missing<T>(in ConsumerRecord record) => new(
        record, $"Record {record} has no value to read as {typeof(T).Name}. Check HasValue first.", cause: null);

    internal static InvalidValueException Refused<T>(in ConsumerRecord record, Exception cause) => new(
        record, $"The value of record {record} cannot be read as {typeof(T).Name}: {cause.Message}", cause);
}
