namespace Orleans.Pipeline.Client;

/// <summary>A record as a typed consumer hands it out, with its value read.</summary>
/// <remarks>If a value cannot be read, <see cref="Value"/> throws, and the consumer continues with the next record.</remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct ConsumerRecord<T>
{
    private readonly T? _value;

    internal ConsumerRecord(in ConsumerRecord record, T? value, InvalidValueException? error) =>
        (Raw, _value, Error) = (record, value, error);

    /// <summary>The record as bytes, with its headers.</summary>
    public ConsumerRecord Raw { get; }

    /// <summary>Why the value could not be read; null if it could.</summary>
    public InvalidValueException? Error { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidValueException">
    /// The record has no value, or one that the serializer refuses: <see cref="Error"/>.
    /// </exception>
    public T Value => Error is { } error ? throw error : _value!;

    /// <summary>The partition that it was read from.</summary>
    public TopicPartition Partition => Raw.Partition;

    /// <summary>Its offset there.</summary>
    public long Offset => Raw.Offset;

    /// <summary>Its time.</summary>
    public DateTimeOffset Timestamp => Raw.Timestamp;

    /// <summary>The key as UTF-8 text, with U+FFFD for what is not UTF-8; null if it has none.</summary>
    public string? KeyText => Raw.KeyText;

    /// <summary>Where it is, as <c>orders/3@17</c>.</summary>
    public override string ToString() => Raw.ToString();
}
