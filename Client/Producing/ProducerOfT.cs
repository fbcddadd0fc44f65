using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Client.Producing;

namespace Orleans.Pipeline.Client;

/// <summary>Sends values to a topic; otherwise it is a <see cref="Producer"/>, which says more. Safe to use from many threads at once.</summary>
/// <typeparam name="T">What the values are.</typeparam>
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

    /// <summary>Creates a producer on a log; nothing is asked of the log before the first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="serializer">Writes the values.</param>
    /// <param name="key">Gives a value's key, which chooses the partition, as text; its null is no key. Default null: no value has one.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer(ITopicLog log, TopicName topic, ISerializer<T> serializer, Func<T, string?>? key = null, ProducerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        (_serializer, _key) = (serializer, key);
        Untyped = new(log, topic, settings);
    }

    /// <summary>Creates a producer of JSON on a log; nothing is asked of the log before the first send.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="type">The values' contract, as a source-generated context has it.</param>
    /// <param name="key">Gives a value's key, which chooses the partition, as text; its null is no key. Default null: no value has one.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer(ITopicLog log, TopicName topic, JsonTypeInfo<T> type, Func<T, string?>? key = null, ProducerSettings? settings = null)
        : this(log, topic, Serializers.Json(type), key, settings)
    {
    }

    /// <summary>The producer of bytes underneath, for its events and counts. Both may be used at once.</summary>
    public Producer Untyped { get; }

    /// <summary>The topic it sends to.</summary>
    public TopicName Topic => Untyped.Topic;

    /// <summary>Sends a value.</summary>
    /// <param name="value">The value; it is serialized before this returns.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>
    /// Where it is in the log, when it is durable. <see cref="Producer.SendAsync(in ProducerRecord, CancellationToken)"/> lists the exceptions;
    /// what the serializer or the key throw comes through at once.
    /// </returns>
    public ValueTask<SendResult> SendAsync(T value, CancellationToken cancellationToken = default) => SendAsync(value, default, cancellationToken);

    /// <summary>Sends a value as a record that says more.</summary>
    /// <param name="value">The value; it is serialized before this returns.</param>
    /// <param name="record">
    /// The record's headers, timestamp or partition; its value is not used, its key only where the producer's key gives none.
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

    /// <summary>Buffers a value to be sent, for which nobody waits: its failure is reported by the next <see cref="FlushAsync"/>.</summary>
    /// <param name="value">The value; it is serialized before this returns.</param>
    /// <param name="cancellationToken">Stops waiting for room in memory; the record is then not sent.</param>
    /// <returns>
    /// A task that completes when the record is buffered: mostly at once, or when there is room in memory.
    /// <see cref="Producer.EnqueueAsync(in ProducerRecord, CancellationToken)"/> lists the exceptions.
    /// </returns>
    public ValueTask EnqueueAsync(T value, CancellationToken cancellationToken = default) => EnqueueAsync(value, default, cancellationToken);

    /// <summary>Buffers a value to be sent as a record that says more.</summary>
    /// <param name="value">The value; it is serialized before this returns.</param>
    /// <param name="record">
    /// The record's headers, timestamp or partition; its value is not used, its key only where the producer's key gives none.
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

    /// <summary>Sends now what was sent or enqueued before, and waits until each record is durable or has failed.</summary>
    /// <param name="cancellationToken">Stops waiting; the records are sent all the same.</param>
    /// <exception cref="FlushException">Enqueued records failed; each is reported once.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Untyped.FlushAsync(cancellationToken);

    /// <summary>
    /// Takes no more records, sends what is buffered, and waits until each record is durable or has failed: at most the delivery
    /// timeout, even if the log pushes back.
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
