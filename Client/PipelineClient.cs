using System.Text.Json.Serialization.Metadata;
using Orleans.Pipeline.Client.Http;

namespace Orleans.Pipeline.Client;

/// <summary>
/// Connects another process to a gateway over HTTP: producers, consumers, topics and pipelines. One client serves a whole process and
/// is safe for concurrent use.
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

    /// <summary>Creates a client. It sends nothing before its first use.</summary>
    /// <param name="address">The gateway's address, such as <c>http://localhost:5080</c>.</param>
    /// <param name="settings">The client's settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute HTTP address, or a setting is out of range.</exception>
    public PipelineClient(string address, PipelineClientSettings? settings = null)
        : this(GatewayAddresses.Parse(address), settings)
    {
    }

    /// <summary>Creates a client. It sends nothing before its first use.</summary>
    /// <param name="address">The gateway's address, such as <c>http://localhost:5080</c>.</param>
    /// <param name="settings">The client's settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute HTTP address, or a setting is out of range.</exception>
    public PipelineClient(Uri address, PipelineClientSettings? settings = null)
        : this([address], settings)
    {
    }

    /// <summary>
    /// Creates a client of a cluster. It sends nothing before its first use. The client uses one gateway until that does not answer, then
    /// the next. A request that found no connection goes to the next gateway at once. A request whose answer was lost fails; producers and
    /// consumers then retry it at the next gateway.
    /// </summary>
    /// <param name="addresses">The addresses of the cluster's gateways, one or more, such as <c>http://silo-1:5080</c>.</param>
    /// <param name="settings">The client's settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no address, one is not an absolute HTTP address, or a setting is out of range.
    /// </exception>
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
    /// Gets the topic log behind the gateway. In addition to the exceptions of <see cref="ITopicLog"/>, each method may throw
    /// <see cref="PipelineRequestException"/>. If no gateway answers, it throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public ITopicLog Topics => _topics;

    /// <summary>Gets the operations on topics, pipelines, dead letters and the gateway itself.</summary>
    public PipelineAdmin Admin { get; }

    /// <summary>Creates a producer. It contacts the gateway at its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer CreateProducer(TopicName topic, ProducerSettings? settings = null) => new(_topics, topic, settings);

    /// <summary>Creates a producer of JSON values. It contacts the gateway at its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="key">Returns the key of a value as text, or null for none. The key chooses the partition. Default: no keys.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer<T> CreateProducer<T>(
        TopicName topic, JsonTypeInfo<T> type, Func<T, string?>? key = null, ProducerSettings? settings = null) =>
        new(_topics, topic, type, key, settings);

    /// <summary>Creates a producer with a serializer. It contacts the gateway at its first send. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="serializer">Writes the values.</param>
    /// <param name="key">Returns the key of a value as text, or null for none. The key chooses the partition. Default: no keys.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Producer<T> CreateProducer<T>(
        TopicName topic, ISerializer<T> serializer, Func<T, string?>? key = null, ProducerSettings? settings = null) =>
        new(_topics, topic, serializer, key, settings);

    /// <summary>
    /// Gets how many records of a producer each partition of a topic has stored, over all epochs. A restarted producer with a
    /// <see cref="ProducerSettings.Name"/> uses the counts to skip what it has already sent: if it sends a fixed stream of records, each
    /// always to the same partition, no record is lost or duplicated.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="producerId">
    /// The producer's id. Use the id from <see cref="Producer.OpenAsync"/>, which fences older epochs, so that the counts no longer change.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The counts by partition; 0 for a partition that does not know the producer.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="StoreUnavailableException">The gateway or its store did not answer.</exception>
    /// <exception cref="AccessDeniedException">The client may not produce to the topic.</exception>
    public ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken = default) =>
        _topics.GetProducerProgressAsync(topic, producerId, cancellationToken);

    /// <summary>Creates a consumer. It contacts the gateway at its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer CreateConsumer(TopicName topic, ConsumerSettings? settings = null) => new(_topics, topic, settings);

    /// <summary>Creates a consumer of JSON values. It contacts the gateway at its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer<T> CreateConsumer<T>(TopicName topic, JsonTypeInfo<T> type, ConsumerSettings? settings = null) =>
        new(_topics, topic, type, settings);

    /// <summary>Creates a consumer with a serializer. It contacts the gateway at its first read. Dispose it before the client.</summary>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="serializer">Reads the values.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Consumer<T> CreateConsumer<T>(TopicName topic, ISerializer<T> serializer, ConsumerSettings? settings = null) =>
        new(_topics, topic, serializer, settings);

    /// <summary>Closes all connections.</summary>
    public ValueTask DisposeAsync()
    {
        _wire.Dispose();
        return default;
    }
}
