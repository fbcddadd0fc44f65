using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Hosting;
using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// Opens a silo's store and creates the cluster's membership tables before the rest of the host starts.
/// </summary>
internal sealed class StoreOpening<TStore>(DeferredStore<TStore> store, SiloSettings settings) : IHostedLifecycleService
    where TStore : class, ITopicStore, ICheckpointStore, IAsyncDisposable
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.OpenAsync(cancellationToken);
        if (settings.Clustering == SiloClustering.Postgres)
        {
            await OrleansTables.PrepareAsync(settings.Postgres!, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class StoreOpening
{
    public static void AddSiloStore(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.Postgres is { } connectionString)
        {
            services.AddDeferredStore((provider, cancellationToken) => PostgresStore.OpenAsync(
                new PostgresStoreSettings { ConnectionString = connectionString, MaximumAhead = settings.MaximumAhead },
                logger: provider.GetRequiredService<ILogger<PostgresStore>>(),
                cancellationToken: cancellationToken));
            services.AddHostedService<StoreOpening<PostgresStore>>();
        }
        else
        {
            services.AddDeferredStore((provider, cancellationToken) => SqliteStore.OpenAsync(
                new SqliteStoreSettings { Path = settings.Database, MaximumAhead = settings.MaximumAhead },
                logger: provider.GetRequiredService<ILogger<SqliteStore>>(),
                cancellationToken: cancellationToken));
            services.AddHostedService<StoreOpening<SqliteStore>>();
        }
    }
}
