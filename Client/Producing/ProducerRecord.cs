using System.Text;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Client;

/// <summary>A record to send.</summary>
/// <remarks>The memory must not change until the record is buffered, at the latest until the task of the send completes.</remarks>
public readonly record struct ProducerRecord
{
    /// <summary>The key, which chooses the partition. Default memory means no key, which is not an empty key. Default none.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The value. Default memory means no value, which is not an empty value. Default none.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The headers. Default none.</summary>
    public IReadOnlyList<Header>? Headers { get; init; }

    /// <summary>The record's time, kept to the millisecond; null for the time of the send. Default null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>
    /// The partition. If null, the key chooses the partition as in Kafka; records without a key fill the batch of one partition, then that
    /// of another. Default null.
    /// </summary>
    public int? Partition { get; init; }

    /// <summary>Creates a record of text, in UTF-8.</summary>
    /// <param name="key">The key, or null for none.</param>
    /// <param name="value">The value, or null for none.</param>
    public static ProducerRecord Text(string? key, string? value) => new() { Key = Encode(key), Value = Encode(value) };

    internal ProducerRecord Copy() => this with { Key = Copy(Key), Value = Copy(Value) };

    /// <summary>Keeps empty memory distinct from none.</summary>
    private static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> memory) =>
        memory.Span.IsNone() ? default : memory.ToArray();

    private static ReadOnlyMemory<byte> Encode(string? text) => text is null ? default : new(Encoding.UTF8.GetBytes(text));
}
