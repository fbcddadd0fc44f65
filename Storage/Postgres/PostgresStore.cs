using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Storage.Postgres.Appending;
using Orleans.Pipeline.Storage.Postgres.Checkpoints;
using Orleans.Pipeline.Storage.Postgres.Connections;
using Orleans.Pipeline.Storage.Postgres.Notifications;
using Orleans.Pipeline.Storage.Postgres.Reading;
using Orleans.Pipeline.Storage.Postgres.Retention;
using Orleans.Pipeline.Storage.Postgres.Schema;
using Orleans.Pipeline.Storage.Postgres.Tables;
using Orleans.Pipeline.Storage.Postgres.Topics;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>
/// Keeps the log, the checkpoints and the sink tables in one PostgreSQL database (13 or later, UTF-8), which any number of processes can
/// use at the same time. Acknowledged data is on the database's disk (<c>synchronous_commit=on</c>).
/// </summary>
/// <remarks>
/// While the database is unreachable, every call throws <see cref="StoreUnavailableException"/>; readers that wait at the end of a
/// partition keep waiting. Calls succeed again as soon as the database answers. An append or a commit whose connection broke may or may
/// not have happened. Send it again: the store recognizes a repeated commit, and a repeated append of an idempotent producer.
/// </remarks>
public sealed partial class PostgresStore : TopicStore, IAsyncDisposable
{
    // The folders. Each one uses only those to its left:
    //
    //     Connections <- Schema | Tables | Reading | Retention | Notifications <- Topics <- Appending | Checkpoints <- PostgresStore
    private readonly TimeProvider _timeProvider;
    private readonly Database _database;
    private readonly TopicDirectory _topics;
    private readonly ProducerIdentities _identities;
    private readonly PartitionSignals _signals = new();
    private readonly Notifier _notifier;
    private readonly Listener _listener;
    private readonly AppendLanes _lanes;
    private readonly BatchReader _reader;
    private readonly RecentBatches _recent;
    private readonly CheckpointTable _checkpoints;
    private readonly CommitLanes _commits;
    private readonly Settlements _settlements;
    private readonly PausedPipelines _paused;
    private readonly SinkTables _tables;
    private readonly PostgresRetention _retention;
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    private PostgresStore(Database database, string tableSchema, PostgresStoreSettings settings, TimeProvider timeProvider, ILogger logger)
        : base("postgresql")
    {
        _database = database;
        _timeProvider = timeProvider;
        _topics = new(database, timeProvider);
        _identities = new(database, timeProvider);
        _notifier = new(database, _signals, timeProvider);
        _listener = new(database, _signals, settings.Heartbeat, timeProvider, logger);
        _recent = new(settings.FreshBytes);
        var followUp = new AppendFollowUp(new(database, settings.SegmentBytes, timeProvider), _recent, _notifier);
        _lanes = new([.. Enumerable.Range(0, settings.Appenders)
            .Select(_ => new AppendLane(database, _topics, followUp, settings, Telemetry, timeProvider))]);
        _reader = new(database);
        _tables = new(database, new(database.Schema, tableSchema));
        _checkpoints = new(database, _topics, timeProvider);
        var outputs = new TopicOutputs(database, _topics, followUp, timeProvider);
        _commits = new(new(database, _tables, outputs, Telemetry, timeProvider), settings);
        _settlements = new(database, _topics, outputs);
        _paused = new(database);
        _retention = new(database, settings.ProducerExpiry);
        DatedAhead = new(
            timeProvider,
            settings.MaximumAhead,
            (partition, offset, time) => LogDatedAhead(logger, partition.Topic, offset, partition.Partition, time));
    }

    /// <summary>Opens a store, and creates its tables if they do not exist.</summary>
    /// <param name="settings">The database, and how the store uses it.</param>
    /// <param name="timeProvider">The clock; null for the system's clock.</param>
    /// <param name="logger">The log for operators; null for none.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the connection string is malformed.</exception>
    /// <exception cref="StoreUnusableException">
    /// The database cannot be used, and nothing was changed: it does not exist, it refuses the user, it is not PostgreSQL, a pooler on the
    /// way drops the settings of the store's sessions, or its schema belongs to another program or to a newer version of this one.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The database is unreachable.</exception>
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
    /// Creates a store's tables, or migrates them to this program's version, without opening the store. <see cref="OpenAsync"/> does the
    /// same first. Use this method for a deployment step that runs before the hosts start.
    /// </summary>
    /// <param name="settings">The database.</param>
    /// <param name="cancellationToken">Cancels the migration; nothing has changed then.</param>
    /// <returns>The versions before and after.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or the connection string is malformed.</exception>
    /// <exception cref="StoreUnusableException">As for <see cref="OpenAsync"/>; nothing was changed.</exception>
    /// <exception cref="StoreUnavailableException">The database is unreachable.</exception>
    public static async ValueTask<SchemaVersions> PrepareAsync(
        PostgresStoreSettings settings, CancellationToken cancellationToken = default)
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
    /// Closes the store: refuses new requests, finishes those that wait, notifies the other processes, and closes the connections. A second
    /// call does nothing.
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

    private static async Task<(string TableSchema, SchemaVersions Versions)> MigrateAsync(
        Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await SessionSettings.CheckAsync(database.Name, connection, cancellationToken);
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

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Topic '{Topic}' takes records that are dated ahead of this server's clock, first offset {Offset} of partition {Partition}, "
        + "which is dated {Time:O}. A look-up by time counts them as when they were appended. "
        + "Check the producer's clock and its unit of time.")]
    private static partial void LogDatedAhead(ILogger logger, TopicName topic, long offset, int partition, DateTimeOffset time);
}
