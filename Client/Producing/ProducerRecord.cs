using System.Text;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Client;

/// <summary>A record to send.</summary>
/// <remarks>Its memory must not change until the send is buffered: until the task of the send completes, at the latest.</remarks>
public readonly record struct ProducerRecord
{
    /// <summary>The key, which chooses the partition; default memory is none, which is kept apart from empty. Default none.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The value; default memory is none, which is kept apart from empty. Default none.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The headers. Default none.</summary>
    public IReadOnlyList<Header>? Headers { get; init; }

    /// <summary>The record's time, kept to the millisecond; null for the time of the send. Default null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>
    /// The partition; null to choose it by the key as Kafka does, or without a key one partition for a batch at a time. Default
    /// null.
    /// </summary>
    public int? Partition { get; init; }

    /// <summary>Makes a record of text, in UTF-8.</summary>
    /// <param name="key">The key, or null for none.</param>
    /// <param name="value">The value, or null for none.</param>
    public static ProducerRecord Text(string? key, string? value) => new() { Key = Encode(key), Value = Encode(value) };

    /// <summary>The record with a key and a value in memory of their own.</summary>
    internal ProducerRecord Copy() => this with { Key = Copy(Key), Value = Copy(Value) };

    /// <summary>An empty array is kept apart from none.</summary>
    private static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> memory) =>
        memory.Span.IsNone() ? default : memory.ToArray();

    private static ReadOnlyMemory<byte> Encode(string? text) => text is null ? default : new(Encoding.UTF8.GetBytes(text));
}
