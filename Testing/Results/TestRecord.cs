using System.Text;
using Orleans.Pipeline.Testing.Results;

namespace Orleans.Pipeline.Testing;

/// <summary>A record of a topic.</summary>
public sealed class TestRecord
{
    private readonly TopicValues _values;

    internal TestRecord(TopicPartition partition, in Record record, TopicValues values)
    {
        _values = values;
        Partition = partition;
        Offset = record.Offset;
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp);
        Key = record.HasKey ? Encoding.UTF8.GetString(record.KeySpan) : null;
        Bytes = record.HasValue ? record.Value : (ReadOnlyMemory<byte>?)null;
        Headers = record.ReadHeaders();
    }

    /// <summary>Gets the partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Gets the offset in the partition.</summary>
    public long Offset { get; }

    /// <summary>Gets the record's time.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Gets the key as UTF-8 text; null if there is none.</summary>
    public string? Key { get; }

    /// <summary>Gets the value; null if there is none.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>Gets the value as UTF-8 text; null if there is none.</summary>
    public string? Text => Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>Gets the headers.</summary>
    public IReadOnlyList<Header> Headers { get; }

    /// <summary>Reads the value by the serializer of the stage that reads or writes the topic, or else as JSON.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <exception cref="PipelineTestException">The record has no value, or the pipelines read and write another type.</exception>
    public T As<T>()
    {
        var bytes = Bytes ?? throw new PipelineTestException($"The record at offset {Offset} of {Partition} has no value.");
        return _values.SerializerOf<T>(Partition.Topic).Deserialize(bytes);
    }

    /// <summary>Returns the record as <c>customer-7: {"country":"NL"}</c>.</summary>
    public override string ToString() => $"{Key ?? "(no key)"}: {Text ?? "(no value)"}";
}
