using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Silo;

/// <summary>The store that a silo was told to use, open until the host is disposed.</summary>
internal sealed class SiloStore : IAsyncDisposable
{
    private readonly IAsyncDisposable _store;

    private SiloStore(ITopicStore topics, ICheckpointStore checkpoints, IAsyncDisposable store) => (Topics, Checkpoints, _store) = (topics, checkpoints, store);

    public ITopicStore Topics { get; }

    public ICheckpointStore Checkpoints { get; }

    public static async Task<SiloStore> OpenAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Postgres is not { } connectionString)
        {
            var sqlite = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = settings.Database }, cancellationToken: cancellationToken);
            return new SiloStore(sqlite, sqlite, sqlite);
        }

        var postgres = await PostgresStore.OpenAsync(new PostgresStoreSettings { ConnectionString = connectionString }, cancellationToken: cancellationToken);
        try
        {
            if (settings.Clustering == SiloClustering.Postgres)
            {
                await OrleansTables.PrepareAsync(connectionString, cancellationToken);
            }
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }

        return new SiloStore(postgres, postgres, postgres);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
