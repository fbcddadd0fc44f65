using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Client.Hosting;

namespace Orleans.Pipeline.Client;

/// <summary>Adds clients, producers and consumers to a host. The host disposes them, and producers flush when it stops.</summary>
public static class PipelineClientServiceCollectionExtensions
{
    /// <summary>Adds the client of a cluster: <see cref="PipelineClient"/>, a singleton.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">
    /// Sets options after the section <c>Pipeline:Client</c> of the configuration was applied; null changes nothing.
    /// </param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineClient(this IServiceCollection services, Action<PipelineClientOptions>? configure = null)
    {
        services.AddPipelineClientOptions(Options.DefaultName, configure);
        services.TryAddSingleton(static provider => Create(provider, Options.DefaultName));
        return services;
    }

    /// <summary>
    /// Adds the client of one of several clusters: <see cref="PipelineClient"/>, a singleton under a key:
    /// <c>[FromKeyedServices("west")] PipelineClient client</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The client's name, its key.</param>
    /// <param name="configure">
    /// Sets options after the section <c>Pipeline:Clients:&lt;name&gt;</c> of the configuration was applied; null changes nothing.
    /// </param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddPipelineClient(
        this IServiceCollection services, string name, Action<PipelineClientOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.AddPipelineClientOptions(name, configure);
        services.TryAddKeyedSingleton(name, static (provider, name) => Create(provider, (string)name!));
        return services;
    }

    /// <summary>
    /// Adds a <see cref="Producer"/>, a singleton whose key is the topic: <c>[FromKeyedServices("orders")] Producer producer</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <param name="client">The name of the client to send with; null for the one without a name.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineProducer(
        this IServiceCollection services, TopicName topic, ProducerSettings? settings = null, string? client = null)
    {
        services.TryAddKeyedSingleton(topic.Value, (provider, _) => ClientOf(provider, client).CreateProducer(topic, settings));
        return services;
    }

    /// <summary>
    /// Adds a <see cref="Producer{T}"/> of JSON values, a singleton: <c>Producer&lt;Order&gt; producer</c>. If several topics have values
    /// of this type, the first one added is injected without a key, and each one with its topic as the key.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="topic">The topic, which must exist by the first send.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="key">Returns the key of a value as text, or null for none. The key chooses the partition. Default: no keys.</param>
    /// <param name="settings">The producer's settings; null for the defaults.</param>
    /// <param name="client">The name of the client to send with; null for the one without a name.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineProducer<T>(
        this IServiceCollection services,
        TopicName topic,
        JsonTypeInfo<T> type,
        Func<T, string?>? key = null,
        ProducerSettings? settings = null,
        string? client = null)
    {
        services.TryAddKeyedSingleton(topic.Value, (provider, _) => ClientOf(provider, client).CreateProducer(topic, type, key, settings));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<Producer<T>>(topic.Value));
        return services;
    }

    /// <summary>
    /// Adds a <see cref="Consumer"/>, a singleton whose key is the topic: <c>[FromKeyedServices("orders")] Consumer consumer</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <param name="client">The name of the client to read with; null for the one without a name.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineConsumer(
        this IServiceCollection services, TopicName topic, ConsumerSettings? settings = null, string? client = null)
    {
        services.TryAddKeyedSingleton(topic.Value, (provider, _) => ClientOf(provider, client).CreateConsumer(topic, settings));
        return services;
    }

    /// <summary>
    /// Adds a <see cref="Consumer{T}"/> of JSON values, a singleton: <c>Consumer&lt;Order&gt; consumer</c>. If several topics have values
    /// of this type, the first one added is injected without a key, and each one with its topic as the key.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="topic">The topic, which must exist by the first read.</param>
    /// <param name="type">The JSON contract of the values, such as <c>ShopJson.Default.Order</c>.</param>
    /// <param name="settings">The consumer's settings; null for the defaults.</param>
    /// <param name="client">The name of the client to read with; null for the one without a name.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineConsumer<T>(
        this IServiceCollection services, TopicName topic, JsonTypeInfo<T> type, ConsumerSettings? settings = null, string? client = null)
    {
        services.TryAddKeyedSingleton(topic.Value, (provider, _) => ClientOf(provider, client).CreateConsumer(topic, type, settings));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<Consumer<T>>(topic.Value));
        return services;
    }

    private static void AddPipelineClientOptions(this IServiceCollection services, string name, Action<PipelineClientOptions>? configure)
    {
        services.AddSingleton<IConfigureOptions<PipelineClientOptions>>(
            provider => new PipelineClientOptionsSetup(name, provider.GetService<IConfiguration>()));
        services.AddSingleton<IValidateOptions<PipelineClientOptions>>(
            provider => new PipelineClientOptionsSetup(name, provider.GetService<IConfiguration>()));
        services.AddOptions<PipelineClientOptions>(name).Configure(configure ?? (static _ => { })).ValidateOnStart();
    }

    private static PipelineClient Create(IServiceProvider provider, string name)
    {
        var (addresses, settings) = provider.GetRequiredService<IOptionsMonitor<PipelineClientOptions>>().Get(name).Build();
        return new(addresses, settings);
    }

    private static PipelineClient ClientOf(IServiceProvider provider, string? name) =>
        name is null ? provider.GetRequiredService<PipelineClient>() : provider.GetRequiredKeyedService<PipelineClient>(name);
}
