namespace Orleans.Pipeline.Client;

/// <summary>A record's value is not what its reader takes it for.</summary>
public sealed class InvalidValueException : PipelineException
{
    private InvalidValueException(in ConsumerRecord record, string message, Exception? cause)
        : base(message, cause) => (Partition, Offset) = (record.Partition, record.Offset);

    /// <summary>The record's partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The record's offset.</summary>
    public long Offset { get; }

    internal static InvalidValueException Missing<T>(in ConsumerRecord record) => new(
        record, $"Record {record} has no value, so none that is a {typeof(T).Name}. Look at HasValue first where records may have none.", cause: null);

    internal static InvalidValueException Refused<T>(in ConsumerRecord record, Exception cause) => new(
        record, $"The value of record {record} is no {typeof(T).Name}: {cause.Message}", cause);
}
