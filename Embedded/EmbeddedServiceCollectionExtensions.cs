using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Hosting;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Embedded;

/// <summary>Adds pipelines to a host.</summary>
public static class EmbeddedServiceCollectionExtensions
{
    /// <summary>
    /// Runs pipelines in this process while the host runs. Registers <see cref="ITopicLog"/>, <see cref="ITopicStore"/>,
    /// <see cref="ICheckpointStore"/>, <see cref="IPipelineEngine"/>, <see cref="EmbeddedEngine"/> and <see cref="DeadLetterOperations"/>.
    /// The <see cref="ITopicLog"/> pushes appends back while the lag is over its limit; a producer of the client SDK accepts it. The
    /// database opens when the host starts.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="settings">The settings, such as <c>EmbeddedSettings.For("orders.db")</c>.</param>
    /// <param name="define">Adds the pipelines.</param>
    /// <exception cref="InvalidPipelineException">A definition cannot work; the message says what to change.</exception>
    public static IServiceCollection AddEmbeddedPipelines(
        this IServiceCollection services, EmbeddedSettings settings, Action<PipelineCatalog> define)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(define);
        settings.Validate();
        var catalog = new PipelineCatalog();
        define(catalog);

        services.AddLogging();
        services.AddPipelineCore();
        services.AddSingleton(settings);
        services.AddSingleton(catalog);
        services.AddDeferredStore(OpenAsync);
        services.AddSingleton(provider => provider.GetRequiredService<DeferredStore<SqliteStore>>().Store);
        services.AddSingleton(provider => new EmbeddedEngine(
            settings,
            catalog,
            provider.GetRequiredService<DeferredStore<SqliteStore>>(),
            provider,
            provider.GetRequiredService<ILogger<EmbeddedEngine>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPipelineEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        return services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
    }

    private static ValueTask<SqliteStore> OpenAsync(IServiceProvider provider, CancellationToken cancellationToken) =>
        SqliteStore.OpenAsync(
            provider.GetRequiredService<EmbeddedSettings>().Store,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SqliteStore>>(),
            cancellationToken);
}
