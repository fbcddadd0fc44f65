using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Embedded;

/// <summary>Adds pipelines to a host.</summary>
public static class EmbeddedServiceCollectionExtensions
{
    /// <summary>
    /// Runs pipelines in this process while the host runs. Registers <see cref="ITopicLog"/> (which pushes appends back while the
    /// lag is over its limit; a producer of the client SDK takes it), <see cref="ITopicStore"/>, <see cref="ICheckpointStore"/>,
    /// <see cref="IPipelineEngine"/>, <see cref="EmbeddedEngine"/> and <see cref="DeadLetterOperations"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="settings">How to run: <c>EmbeddedSettings.For("orders.db")</c>.</param>
    /// <param name="define">Adds the pipelines.</param>
    /// <exception cref="InvalidPipelineException">A definition cannot work; the message says what to change.</exception>
    public static IServiceCollection AddEmbeddedPipelines(this IServiceCollection services, EmbeddedSettings settings, Action<PipelineCatalog> define)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(define);
        settings.Validate();
        var catalog = new PipelineCatalog();
        define(catalog);

        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(catalog);
        services.AddSingleton(Open);
        services.AddSingleton<ITopicStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<ICheckpointStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<EmbeddedEngine>();
        services.AddSingleton<IPipelineEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<DeadLetterOperations>();
        services.AddSingleton(provider => new TopicAdmission(
            provider.GetRequiredService<SqliteStore>(), provider.GetRequiredService<EmbeddedEngine>().GetLagAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITopicLog>(provider => new AdmittingTopicLog(
            provider.GetRequiredService<SqliteStore>(), provider.GetRequiredService<TopicAdmission>()));
        return services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
    }

    private static SqliteStore Open(IServiceProvider provider) => SqliteStore.OpenAsync(
        provider.GetRequiredService<EmbeddedSettings>().Store,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<SqliteStore>>()).AsTask().GetAwaiter().GetResult();
}
