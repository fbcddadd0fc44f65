using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Silo;

/// <summary>The store that a silo was told to use, open until the host is disposed.</summary>
internal sealed class SiloStore : IAsyncDisposable
{
    private readonly IAsyncDisposable _store;
    private readonly Action<ILoggerFactory> _logTo;

    private SiloStore(ITopicStore topics, ICheckpointStore checkpoints, IAsyncDisposable store, Action<ILoggerFactory> logTo) =>
        (Topics, Checkpoints, _store, _logTo) = (topics, checkpoints, store, logTo);

    public ITopicStore Topics { get; }

    public ICheckpointStore Checkpoints { get; }

    public static async Task<SiloStore> OpenAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Postgres is not { } connectionString)
        {
            var log = new StoreLogger<SqliteStore>();
            var sqlite = await SqliteStore.OpenAsync(
                new SqliteStoreSettings { Path = settings.Database }, logger: log, cancellationToken: cancellationToken);
            return new SiloStore(sqlite, sqlite, sqlite, log.WriteTo);
        }

        var postgresLog = new StoreLogger<PostgresStore>();
        var postgres = await PostgresStore.OpenAsync(
            new PostgresStoreSettings { ConnectionString = connectionString }, logger: postgresLog, cancellationToken: cancellationToken);
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

        return new SiloStore(postgres, postgres, postgres, postgresLog.WriteTo);
    }

    /// <summary>Lets the store log to the host, which was not there when it was opened.</summary>
    public SiloStore LogTo(ILoggerFactory host)
    {
        _logTo(host);
        return this;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
