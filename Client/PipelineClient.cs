using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Client.Http;

namespace Orleans.Pipeline.Client;

/// <summary>
/// The way from another process to a gateway: producers, topics and pipelines over HTTP. One client serves a whole process and is
/// safe to use from many threads at once.
/// </summary>
/// <example>
/// <code>
/// await using var client = new PipelineClient("http://localhost:5080");
/// await using var producer = client.CreateProducer("orders");
/// var offset = await producer.SendAsync("key", "value");
/// Console.WriteLine(offset);
/// </code>
/// </example>
public sealed class PipelineClient : IAsyncDisposable
{
    private readonly HttpWire _wire;
    private readonly HttpTopicLog _topics;

    /// <summary>Creates a client; nothing is sent before it is used.</summary>
    /// <param name="address">The gateway's address, such as <c>http://localhost:5080</c>.</param>
    /// <param name="settings">How to talk to it; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute HTTP address, or a setting is out of range.</exception>
    public PipelineClient(string address, PipelineClientSettings? settings = null)
        : this(GatewayAddresses.Parse(address), settings)
    {
    }

    /// <summary>Creates a client; nothing is sent before it is used.</summary>
    /// <param name="address">The gateway's address, such as <c>http://localhost:5080</c>.</param>
    /// <param name="settings">How to talk to it; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute HTTP address, or a setting is out of range.</exception>
    public PipelineClient(Uri address, PipelineClientSettings? settings = null)
        : this([address], settings)
    {
    }

    /// <summary>
    /// Creates a client of a cluster; nothing is sent before it is used. It asks one gateway until that does not answer, then the
    /// next: a request that found no connection goes there at once, one whose answer was lost fails, and is repeated there by
    /// whoever repeats it, such as a producer.
    /// </summary>
    /// <param name="addresses">The addresses of the cluster's gateways, one or more, such as <c>http://silo-1:5080</c>.</param>
    /// <param name="settings">How to talk to them; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no address, one is not an absolute HTTP address, or a setting is out of range.</exception>
    public PipelineClient(IReadOnlyList<Uri> addresses, PipelineClientSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        settings ??= new();
        settings.Validate();
        _wire = new(new GatewayAddresses(addresses), settings);
        _topics = new(_wire, settings.Limits);
        Admin = new(_wire, _topics, new HttpPipelines(_wire));
    }

    /// <summary>
    /// The topics: create, find, list, append, read, bounds. Beside the exceptions of <see cref="ITopicLog"/>, each method may throw
    /// <see cref="PipelineRequestException"/>; no answer from the gateway is a <see cref="StoreUnavailableException"/>.
    /// </summary>
    public ITopicLog Topics => _topics;

    /// <summary>What operators do: topics, pipelines, dead letters, the gateway itself.</summary>
    public PipelineAdmin Admin { get; }

    /// <summary>Creates a producer; nothing is sent before its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer CreateProducer(TopicName topic, ProducerSettings? settings = null) => new(_topics, topic, settings);

    /// <summary>Creates a producer of JSON; nothing is sent before its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="type">The values' contract, as a source-generated context has it.</param>
    /// <param name="key">Gives a value's key, which chooses the partition, as text; its null is no key. Default null: no value has one.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <typeparam name="T">What the values are.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer<T> CreateProducer<T>(TopicName topic, JsonTypeInfo<T> type, Func<T, string?>? key = null, ProducerSettings? settings = null) =>
        new(_topics, topic, type, key, settings);

    /// <summary>Creates a producer with a serializer; nothing is sent before its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="serializer">Writes the values.</param>
    /// <param name="key">Gives a value's key, which chooses the partition, as text; its null is no key. Default null: no value has one.</param>
    /// <param name="settings">How to gather, retry and bound; null for the defaults.</param>
    /// <typeparam name="T">What the values are.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer<T> CreateProducer<T>(TopicName topic, ISerializer<T> serializer, Func<T, string?>? key = null, ProducerSettings? settings = null) =>
        new(_topics, topic, serializer, key, settings);

    /// <summary>
    /// Tells how many records of a producer each partition of a topic has taken in, over all its epochs. So a producer with a
    /// <see cref="ProducerSettings.Name"/> that sends a fixed stream of records, each always to the same partition, knows how many of each
    /// partition to skip when it begins again: nothing is lost and nothing is doubled, however often it is stopped.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="producerId">The producer's id. Take it from <see cref="Producer.OpenAsync"/>, which fences the producer's older epochs, so that the counts stand still.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The counts, by partition; 0 where it is not known.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="StoreUnavailableException">The gateway or its store did not answer.</exception>
    /// <exception cref="AccessDeniedException">The client may not produce to the topic.</exception>
    public ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(TopicName topic, long producerId, CancellationToken cancellationToken = default) =>
        _topics.GetProducerProgressAsync(topic, producerId, cancellationToken);

    /// <summary>Creates a consumer; nothing is sent before its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="settings">What to read, and how; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer CreateConsumer(TopicName topic, ConsumerSettings? settings = null) => new(_topics, topic, settings);

    /// <summary>Creates a consumer of JSON; nothing is sent before its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="type">The values' contract, as a source-generated context has it.</param>
    /// <param name="settings">What to read, and how; null for the defaults.</param>
    /// <typeparam name="T">What the values are.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer<T> CreateConsumer<T>(TopicName topic, JsonTypeInfo<T> type, ConsumerSettings? settings = null) => new(_topics, topic, type, settings);

    /// <summary>Creates a consumer with a serializer; nothing is sent before its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="serializer">Reads the values.</param>
    /// <param name="settings">What to read, and how; null for the defaults.</param>
    /// <typeparam name="T">What the values are.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer<T> CreateConsumer<T>(TopicName topic, ISerializer<T> serializer, ConsumerSettings? settings = null) =>
        new(_topics, topic, serializer, settings);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        _wire.Dispose();
        return default;
    }
}
