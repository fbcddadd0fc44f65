using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Pipeline.Client;

/// <summary>Reads the records of a topic with their values. See <see cref="Consumer"/> for its behavior.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <example>
/// <code>
/// await using var consumer = client.CreateConsumer("orders", ShopJson.Default.Order);
/// await foreach (var record in consumer.ReadAsync(cancellationToken))
/// {
///     Console.WriteLine(record.Value.Cents);
/// }
/// </code>
/// </example>
public sealed class Consumer<T> : IAsyncDisposable
{
    private readonly ISerializer<T> _serializer;

    /// <summary>Creates a consumer on a log. It contacts the log at its first read.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="serializer">Reads the values.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer(ITopicLog log, TopicName topic, ISerializer<T> serializer, ConsumerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = serializer;
        Untyped = new(log, topic, settings);
    }

    /// <summary>Creates a consumer of JSON values on a log. It contacts the log at its first read.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer(ITopicLog log, TopicName topic, JsonTypeInfo<T> type, ConsumerSettings? settings = null)
        : this(log, topic, Serializers.Json(type), settings)
    {
    }

    /// <summary>Gets the underlying consumer of bytes, for its events. Read from only one of the two.</summary>
    public Consumer Untyped { get; }

    /// <summary>Gets the topic.</summary>
    public TopicName Topic => Untyped.Topic;

    /// <summary>Gets the positions; see <see cref="Consumer.Positions"/>.</summary>
    public ConsumerPositions Positions => Untyped.Positions;

    /// <summary>Reads record by record.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>
    /// The records. If a value cannot be read, <see cref="ConsumerRecord{T}.Error"/> is the reason, and reading continues.
    /// <see cref="Consumer.ReadAsync"/> lists the exceptions.
    /// </returns>
    public async IAsyncEnumerable<ConsumerRecord<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in Untyped.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return Read(record);
        }
    }

    /// <summary>
    /// Ends a running enumeration, which then throws <see cref="ObjectDisposedException"/>, and waits until reading has stopped.
    /// </summary>
    public ValueTask DisposeAsync() => Untyped.DisposeAsync();

    private ConsumerRecord<T> Read(in ConsumerRecord record)
    {
        try
        {
            return new(record, record.ReadValue(_serializer), error: null);
        }
        catch (InvalidValueException invalid)
        {
            return new(record, default, invalid);
        }
    }
}
