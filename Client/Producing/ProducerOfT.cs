using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>Sends values to a topic. See <see cref="Producer"/> for its behavior. Safe for concurrent use.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <example>
/// <code>
/// await using var producer = client.CreateProducer("orders", ShopJson.Default.Order, order => order.Customer);
/// await producer.SendAsync(new Order("customer-7", Cents: 4200));
/// </code>
/// </example>
public sealed class Producer<T> : IAsyncDisposable
{
    private readonly ISerializer<T> _serializer;
    private readonly Func<T, string?>? _key;
    private SerializedRecord? _spare;

    /// <summary>Creates a producer on a log. It contacts the log at its first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="serializer">Writes the values.</param>
    /// <param name="key">Returns the key of a value as text, or null for none. The key chooses the partition. Default: no keys.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer(
        ITopicLog log, TopicName topic, ISerializer<T> serializer, Func<T, string?>? key = null, ProducerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        (_serializer, _key) = (serializer, key);
        Untyped = new(log, topic, settings);
    }

    /// <summary>Creates a producer of JSON values on a log. It contacts the log at its first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="key">Returns the key of a value as text, or null for none. The key chooses the partition. Default: no keys.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer(ITopicLog log, TopicName topic, JsonTypeInfo<T> type, Func<T, string?>? key = null, ProducerSettings? settings = null)
        : this(log, topic, Serializers.Json(type), key, settings)
    {
    }

    /// <summary>Gets the underlying producer of bytes, for its events and counts. Both may be used at once.</summary>
    public Producer Untyped { get; }

    /// <summary>Gets the topic.</summary>
    public TopicName Topic => Untyped.Topic;

    /// <summary>Sends a value.</summary>
    /// <param name="value">The value; it is serialized before the method returns.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>
    /// The record's position, once the record is durable. <see cref="Producer.SendAsync(in ProducerRecord, CancellationToken)"/> lists the
    /// exceptions. An exception of the serializer or of the key function is thrown at once.
    /// </returns>
    public ValueTask<SendResult> SendAsync(T value, CancellationToken cancellationToken = default) =>
        SendAsync(value, default, cancellationToken);

    /// <summary>Sends a value with headers, a timestamp or a partition.</summary>
    /// <param name="value">The value; it is serialized before the method returns.</param>
    /// <param name="record">
    /// The headers, timestamp or partition. The record's value is ignored, and its key is used only if the producer's key function returns
    /// none.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>As <see cref="SendAsync(T, CancellationToken)"/>.</returns>
    public ValueTask<SendResult> SendAsync(T value, in ProducerRecord record, CancellationToken cancellationToken = default)
    {
        var buffer = Interlocked.Exchange(ref _spare, null) ?? new();
        try
        {
            return Untyped.SendAsync(buffer.Fill(value, _serializer, _key, record), isBorrowed: true, cancellationToken);
        }
        finally
        {
            Keep(buffer);
        }
    }

    /// <summary>Buffers a value without waiting for its acknowledgement. The next <see cref="FlushAsync"/> reports a failure.</summary>
    /// <param name="value">The value; it is serialized before the method returns.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>
    /// A task that completes when the record is buffered: at once if there is room in memory.
    /// <see cref="Producer.EnqueueAsync(in ProducerRecord, CancellationToken)"/> lists the exceptions.
    /// </returns>
    public ValueTask EnqueueAsync(T value, CancellationToken cancellationToken = default) =>
        EnqueueAsync(value, default, cancellationToken);

    /// <summary>Buffers a value with headers, a timestamp or a partition.</summary>
    /// <param name="value">The value; it is serialized before the method returns.</param>
    /// <param name="record">
    /// The headers, timestamp or partition. The record's value is ignored, and its key is used only if the producer's key function returns
    /// none.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>As <see cref="EnqueueAsync(T, CancellationToken)"/>.</returns>
    public ValueTask EnqueueAsync(T value, in ProducerRecord record, CancellationToken cancellationToken = default)
    {
        var buffer = Interlocked.Exchange(ref _spare, null) ?? new();
        try
        {
            return Untyped.EnqueueAsync(buffer.Fill(value, _serializer, _key, record), isBorrowed: true, cancellationToken);
        }
        finally
        {
            Keep(buffer);
        }
    }

    /// <summary>Sends all buffered records now and waits until each is durable or has failed.</summary>
    /// <param name="cancellationToken">Stops waiting; the records are still sent.</param>
    /// <exception cref="FlushException">Enqueued records failed; each is reported once.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Untyped.FlushAsync(cancellationToken);

    /// <summary>
    /// Accepts no more records, sends all buffered ones, and waits until each is durable or has failed: at most the delivery timeout, even
    /// if the log pushes back.
    /// </summary>
    /// <exception cref="FlushException">Enqueued records failed that no flush reported.</exception>
    public ValueTask DisposeAsync() => Untyped.DisposeAsync();

    private void Keep(SerializedRecord buffer)
    {
        if (buffer.IsSmall)
        {
            Volatile.Write(ref _spare, buffer);
        }
    }
}
