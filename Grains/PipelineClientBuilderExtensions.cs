using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Serialization;

namespace Orleans.Pipeline.Grains;

/// <summary>Adds topics as streams to an Orleans client.</summary>
public static class PipelineClientBuilderExtensions
{
    /// <summary>
    /// Adds the stream provider <see cref="PipelineStreams.Provider"/>, with which a client pushes into topics and subscribes to them.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="json">Configures JSON serialization as the cluster's pipelines do; null for the defaults.</param>
    public static IClientBuilder AddPipelineStreams(this IClientBuilder client, Action<PipelineCatalog>? json = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var catalog = new PipelineCatalog();
        json?.Invoke(catalog);
        client.ConfigureServices(services =>
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ITypeConverter, WireNames>();
            services.AddSingleton(provider => new StreamValues(catalog, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ITopicAppender, GrainAppender>();
            services.AddSingleton<IIncomingGrainCallFilter, StreamErrors>();
            services.Configure<ExceptionSerializationOptions>(
                options => options.SupportedNamespacePrefixes.Add(typeof(PipelineException).Namespace!));
        });
        return client.AddPersistentStreams(
            PipelineStreams.Provider, static (provider, name) => new TopicStreamFactory(name, provider), _ => { });
    }
}
