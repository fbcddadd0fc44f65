using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Storage.Postgres.Appending;
using Orleans.Pipeline.Storage.Postgres.Checkpoints;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Reading;
using Orleans.Pipeline.Storage.Postgres.Retention;
using Orleans.Pipeline.Storage.Postgres.Schema;
using Orleans.Pipeline.Storage.Postgres.Tables;
using Orleans.Pipeline.Storage.Postgres.Topics;
using Orleans.Pipeline.Storage.Postgres.Waking;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>
/// The log, the checkpoints and the sink tables in one PostgreSQL database (13 or later, UTF-8), for any number of processes at a
/// time. What it acknowledges is on the database's disk (<c>synchronous_commit=on</c>).
/// </summary>
/// <remarks>
/// While the database is away every call throws <see cref="StoreUnavailableException"/>, and calls after its return succeed again;
/// readers that wait at the end of a partition go on waiting meanwhile. An append or a commit whose connection broke may have been made
/// or not: sent again, an idempotent producer's append and a commit are recognised.
/// </remarks>
public sealed partial class PostgresStore : ITopicStore, ICheckpointStore, IAsyncDisposable
{
    private readonly StoreTelemetry _telemetry = new("postgresql");
    private readonly TimeProvider _timeProvider;
    private readonly Database _database;
    private readonly TopicDirectory _topics;
    private readonly ProducerIdentities _identities;
    private readonly PartitionSignals _signals = new();
    private readonly Notifier _notifier;
    private readonly Listener _listener;
    private readonly AppendLanes _lanes;
    private readonly BatchReader _reader;
    private readonly FreshBatches _fresh;
    private readonly CheckpointTable _checkpoints;
    private readonly CommitLanes _commits;
    private readonly Settlements _settlements;
    private readonly PausedPipelines _paused;
    private readonly SinkTables _tables;
    private readonly PostgresRetention _retention;
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    private PostgresStore(Database database, string tableSchema, PostgresStoreSettings settings, TimeProvider timeProvider, ILogger logger)
    {
        _database = database;
        _timeProvider = timeProvider;
        _topics = new(database, timeProvider);
        _identities = new(database, timeProvider);
        _notifier = new(database, _signals, timeProvider);
        _listener = new(database, _signals, settings.Heartbeat, timeProvider, logger);
        _fresh = new(settings.FreshBytes);
        var growth = new SegmentGrowth(database, settings.SegmentBytes, timeProvider);
        _lanes = new([.. Enumerable.Range(0, settings.Appenders)
            .Select(_ => new AppendLane(database, _topics, growth, _fresh, _notifier, settings, _telemetry, timeProvider))]);
        _reader = new(database);
        _tables = new(database, new(database.Schema, tableSchema));
        _checkpoints = new(database, _topics, timeProvider);
        var outputs = new TopicOutputs(database, _topics, growth, _fresh, _notifier);
        _commits = new(new(database, _tables, outputs, _telemetry, timeProvider), settings);
        _settlements = new(database, _topics, outputs);
        _paused = new(database);
        _retention = new(database, settings.ProducerExpiry);
    }

    /// <summary>Opens a store; creates its tables if they are not there.</summary>
    /// <param name="settings">Which database it uses and how.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="logger">Where to tell what an operator should know; null for nowhere.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the connection string is malformed.</exception>
    /// <exception cref="StoreUnusableException">
    /// The database cannot be used: it does not exist or refuses the user, it is no PostgreSQL, its schema is another program's or made
    /// by a newer version. It was left as it was.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The database is away for now.</exception>
    public static async ValueTask<PostgresStore> OpenAsync(
        PostgresStoreSettings settings,
        TimeProvider? timeProvider = null,
        ILogger<PostgresStore>? logger = null,
        CancellationToken cancellationToken = default)
    {
        ILogger log = logger ?? NullLogger<PostgresStore>.Instance;
        var database = Connect(settings, log);
        try
        {
            var (tableSchema, _) = await MigrateAsync(database, cancellationToken);
            var store = new PostgresStore(database, tableSchema, settings, timeProvider ?? TimeProvider.System, log);
            await store.StartAsync(cancellationToken);
            return store;
        }
        catch (Exception failure)
        {
            await database.DisposeAsync();
            if (Failure.IsFromDatabase(failure))
            {
                throw Explain(database, failure);
            }

            throw;
        }
    }

    /// <summary>
    /// Creates a store's tables, or brings them to this program's version, and opens nothing. <see cref="OpenAsync"/> does the same first;
    /// this is for a step of a deployment that comes before it.
    /// </summary>
    /// <param name="settings">Which database.</param>
    /// <param name="cancellationToken">Stops it; nothing has changed then.</param>
    /// <returns>The versions before and after.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or the connection string is malformed.</exception>
    /// <exception cref="StoreUnusableException">The database cannot be used, as <see cref="OpenAsync"/> says; it was left as it was.</exception>
    /// <exception cref="StoreUnavailableException">The database is away for now.</exception>
    public static async ValueTask<SchemaVersions> PrepareAsync(PostgresStoreSettings settings, CancellationToken cancellationToken = default)
    {
        await using var database = Connect(settings, NullLogger<PostgresStore>.Instance);
        try
        {
            return (await MigrateAsync(database, cancellationToken)).Versions;
        }
        catch (Exception failure) when (Failure.IsFromDatabase(failure))
        {
            throw Explain(database, failure);
        }
    }

    /// <summary>
    /// Closes the store: takes no more requests, makes those that wait, tells the other processes, and closes the connections. Calling
    /// it again does nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(_lanes.StopAsync(), _commits.StopAsync());
        await _notifier.StopAsync();
        await _stopping.CancelAsync();
        _signals.Close();
        await _listener.StoppedAsync();
        await _database.DisposeAsync();
        _stopping.Dispose();
    }

    private static Database Connect(PostgresStoreSettings settings, ILogger log)
    {
        settings.Validate();
        var connections = new ConnectionSettings(settings);
        return new Database(connections.Build(), connections.Name, settings, log);
    }

    private static PipelineException Explain(Database database, Exception failure) =>
        Failure.IsUnusable(failure) ? Failure.Unusable(database.Name, failure) : Failure.Unavailable(database.Name, failure);

    private static async Task<(string TableSchema, SchemaVersions Versions)> MigrateAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await new SchemaMigration(database).RunAsync(connection, cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _listener.StartAsync(cancellationToken, _stopping.Token);
        _notifier.Start(_stopping.Token);
        _lanes.Start();
        _commits.Start();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);
}
