using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Pipeline.Client;

/// <summary>Reads the records of a topic with their values; otherwise it is a <see cref="Consumer"/>, which says more.</summary>
/// <typeparam name="T">What the values are.</typeparam>
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

    /// <summary>Creates a consumer on a log; nothing is asked of the log before the first read.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="serializer">Reads the values.</param>
    /// <param name="settings">What to read, and how; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer(ITopicLog log, TopicName topic, ISerializer<T> serializer, ConsumerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = serializer;
        Untyped = new(log, topic, settings);
    }

    /// <summary>Creates a consumer of JSON on a log; nothing is asked of the log before the first read.</summary>
    /// <param name="log">The log: a store in this process, or <see cref="PipelineClient.Topics"/>. It is not disposed.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="type">The values' contract, as a source-generated context has it.</param>
    /// <param name="settings">What to read, and how; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer(ITopicLog log, TopicName topic, JsonTypeInfo<T> type, ConsumerSettings? settings = null)
        : this(log, topic, Serializers.Json(type), settings)
    {
    }

    /// <summary>The consumer of bytes underneath, for its events. Read through one of the two only.</summary>
    public Consumer Untyped { get; }

    /// <summary>The topic it reads.</summary>
    public TopicName Topic => Untyped.Topic;

    /// <summary>Where it has come to; see <see cref="Consumer.Positions"/>.</summary>
    public ConsumerPositions Positions => Untyped.Positions;

    /// <summary>Reads record by record.</summary>
    /// <param name="cancellationToken">Ends the reading, wherever it waits.</param>
    /// <returns>
    /// The records. Of one whose value cannot be read, <see cref="ConsumerRecord{T}.Error"/> says why, and the reading goes on.
    /// <see cref="Consumer.ReadAsync"/> lists the exceptions.
    /// </returns>
    public async IAsyncEnumerable<ConsumerRecord<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in Untyped.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return Read(record);
        }
    }

    /// <summary>Ends a running enumeration, which then throws <see cref="ObjectDisposedException"/>, and waits until nothing is read any more.</summary>
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
