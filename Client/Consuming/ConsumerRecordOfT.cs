namespace Orleans.Pipeline.Client;

/// <summary>A record of a typed consumer, with its value.</summary>
/// <remarks>If a value cannot be read, <see cref="Value"/> throws, and the consumer continues with the next record.</remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct ConsumerRecord<T>
{
    private readonly T? _value;

    internal ConsumerRecord(in ConsumerRecord record, T? value, InvalidValueException? error) =>
        (Raw, _value, Error) = (record, value, error);

    /// <summary>The record as bytes, with its headers.</summary>
    public ConsumerRecord Raw { get; }

    /// <summary>The reason why the value could not be read; null if it could.</summary>
    public InvalidValueException? Error { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidValueException">
    /// The record has no value, or one that the serializer refuses: <see cref="Error"/>.
    /// </exception>
    public T Value => Error is { } error ? throw error : _value!;

    /// <summary>The record's partition.</summary>
    public TopicPartition Partition => Raw.Partition;

    /// <summary>The record's offset in its partition.</summary>
    public long Offset => Raw.Offset;

    /// <summary>The record's time.</summary>
    public DateTimeOffset Timestamp => Raw.Timestamp;

    /// <summary>The key as UTF-8 text, with U+FFFD for invalid bytes; null if the record has no key.</summary>
    public string? KeyText => Raw.KeyText;

    /// <summary>Returns the place as <c>orders/3@17</c>.</summary>
    public override string ToString() => Raw.ToString();
}
