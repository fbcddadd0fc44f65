using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Client.Consuming;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client;

/// <summary>A record that a consumer returns: a view of its batch, made without allocation.</summary>
/// <remarks>
/// The memory is never reused: key, value and headers stay valid while they are referenced. A reference keeps everything that was read
/// together in memory (up to <see cref="ConsumerSettings.ReadBytes"/>); copy what you keep for long.
/// </remarks>
public readonly struct ConsumerRecord
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly int _headersStart;

    internal ConsumerRecord(TopicPartition partition, in Record record, ReadOnlyMemory<byte> records)
    {
        Partition = partition;
        Offset = record.Offset;
        TimestampMs = record.Timestamp;
        HasKey = record.HasKey;
        Key = record.Key;
        HasValue = record.HasValue;
        Value = record.Value;
        _records = records;
        _headersStart = record.HeadersStart;
    }

    /// <summary>The partition that it was read from.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Its offset there.</summary>
    public long Offset { get; }

    /// <summary>Its time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long TimestampMs { get; }

    /// <summary>Its time.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Whether it has a key; an empty key is a key.</summary>
    public bool HasKey { get; }

    /// <summary>Its key; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Whether it has a value; Kafka calls a record without one a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>Its value; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Its headers; read when asked for.</summary>
    public IReadOnlyList<Header> Headers => _records.IsEmpty ? [] : Record.ReadHeaders(_records, _headersStart);

    /// <summary>The trace that it belongs to, by its header <c>traceparent</c>; null if it carries none.</summary>
    public ActivityContext? TraceContext => TraceHeaders.Read(_records, _headersStart);

    /// <summary>The key as UTF-8 text, with U+FFFD for what is not UTF-8; null if it has none.</summary>
    public string? KeyText => HasKey ? Encoding.UTF8.GetString(Key.Span) : null;

    /// <summary>The value as UTF-8 text, with U+FFFD for what is not UTF-8; null if it has none.</summary>
    public string? ValueText => HasValue ? Encoding.UTF8.GetString(Value.Span) : null;

    /// <summary>Starts an activity for what is done with the record, in its trace. Dispose it when that is done.</summary>
    /// <param name="name">What is done. Default <c>process</c>; the topic's name stands behind it.</param>
    /// <returns>The activity; null if nobody listens to the source <see cref="PipelineTelemetry.Name"/>.</returns>
    public Activity? StartActivity(string name = "process") => ConsumerTelemetry.StartActivity(name, this);

    /// <summary>The value, read by a serializer.</summary>
    /// <param name="serializer">The serializer.</param>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="InvalidValueException">The record has no value, or one that the serializer refuses.</exception>
    public T ReadValue<T>(ISerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        if (!HasValue)
        {
            throw InvalidValueException.Missing<T>(this);
        }

        try
        {
            return serializer.Deserialize(Value);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            throw InvalidValueException.Refused<T>(this, refused);
        }
    }

    /// <summary>The value, read as JSON.</summary>
    /// <param name="type">The type's contract, as a source-generated context has it: <c>MyContext.Default.Order</c>.</param>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="InvalidValueException">The record has no value, or one that is not such JSON.</exception>
    public T ReadValue<T>(JsonTypeInfo<T> type) => ReadValue(Serializers.Json(type));

    /// <summary>Where it is, as <c>orders/3@17</c>.</summary>
    public override string ToString() => $"{Partition}@{Offset}";
}
