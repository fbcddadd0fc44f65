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

    /// <summary>The record's partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The record's offset in its partition.</summary>
    public long Offset { get; }

    /// <summary>The record's time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long TimestampMs { get; }

    /// <summary>The record's time.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Whether the record has a key. An empty key is a key.</summary>
    public bool HasKey { get; }

    /// <summary>The key; empty if the record has none.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Whether the record has a value. Kafka calls a record without a value a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>The value; empty if the record has none.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The headers, parsed at each access.</summary>
    public IReadOnlyList<Header> Headers => _records.IsEmpty ? [] : Record.ReadHeaders(_records, _headersStart);

    /// <summary>The trace in the header <c>traceparent</c>; null if the record carries none.</summary>
    public ActivityContext? TraceContext => TraceHeaders.Read(_records, _headersStart);

    /// <summary>The key as UTF-8 text, with U+FFFD for invalid bytes; null if the record has no key.</summary>
    public string? KeyText => HasKey ? Encoding.UTF8.GetString(Key.Span) : null;

    /// <summary>The value as UTF-8 text, with U+FFFD for invalid bytes; null if the record has no value.</summary>
    public string? ValueText => HasValue ? Encoding.UTF8.GetString(Value.Span) : null;

    /// <summary>Starts an activity for the work on the record, in the record's trace. Dispose the activity when the work is done.</summary>
    /// <param name="name">The operation. Default <c>process</c>. The activity is named after the operation and the topic.</param>
    /// <returns>The activity; null if the source <see cref="PipelineTelemetry.Name"/> has no listener.</returns>
    public Activity? StartActivity(string name = "process") => ConsumerTelemetry.StartActivity(name, this);

    /// <summary>Reads the value with a serializer.</summary>
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

    /// <summary>Reads the value as JSON.</summary>
    /// <param name="type">The JSON contract of the value, such as <c>ShopJson.Default.Order</c>.</param>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <exception cref="InvalidValueException">The record has no value, or one that is not JSON of this type.</exception>
    public T ReadValue<T>(JsonTypeInfo<T> type) => ReadValue(Serializers.Json(type));

    /// <summary>Returns the place as <c>orders/3@17</c>.</summary>
    public override string ToString() => $"{Partition}@{Offset}";
}
