using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Storage.Sqlite.Checkpoints;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Files;
using Orleans.Pipeline.Storage.Sqlite.Reading;
using Orleans.Pipeline.Storage.Sqlite.Retention;
using Orleans.Pipeline.Storage.Sqlite.Tables;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>
/// The log, the checkpoints and the sink tables in one SQLite file, for one process at a time. What it acknowledges is on the disk
/// (<c>synchronous=FULL</c>). Other programs, such as a <c>sqlite3</c> shell, may read the file meanwhile.
/// </summary>
/// <remarks>
/// Appends and commits of all callers go to one thread that writes as many as wait in one transaction. Pages freed by retention are
/// used again by later appends; the file itself does not shrink (<c>auto_vacuum</c> is off: it would write more on every append), so
/// its size is that of the largest log it ever held.
/// </remarks>
public sealed partial class SqliteStore : ITopicStore, ICheckpointStore, IAsyncDisposable
{
    private readonly SqliteStoreSettings _settings;
    private readonly LockFile _lock;
    private readonly Connection _connection;
    private readonly StoreTelemetry _telemetry = new("sqlite");
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly TimeProvider _timeProvider;
    private readonly TopicDirectory _topics;
    private readonly ProducerIdentities _identities;
    private readonly BatchLog _log;
    private readonly SettledRanges _settled;
    private readonly CheckpointTable _checkpoints;
    private readonly TaskCommits _commits;
    private readonly PausedPipelines _paused;
    private readonly SinkTables _tables;
    private readonly SqliteRetention _retention;
    private int _disposed;

    private SqliteStore(LockFile lockFile, Connection connection, SqliteStoreSettings settings, TimeProvider timeProvider, ILogger logger)
    {
        _settings = settings;
        _lock = lockFile;
        _connection = connection;
        _timeProvider = timeProvider;
        _writer = new(connection, settings, _telemetry, logger);
        _readers = new(settings);
        _topics = new(connection);
        _identities = new(connection, settings.CachedProducers);
        var sequences = new ProducerSequences(connection, _identities, timeProvider, settings.CachedProducers);
        _log = new(connection, _topics, sequences);
        _settled = new(connection, _topics, _log);
        _checkpoints = new(connection);
        _tables = new(connection);
        _commits = new(_topics, _checkpoints, _log, _tables, timeProvider);
        _paused = new(connection);
        var removal = new BatchRemoval(connection, _topics, _checkpoints, sequences, _settled);
        _retention = new(_writer, _readers, _topics, removal, sequences, _identities, settings.ProducerExpiry);
        _writer.Start();
    }

    /// <summary>Opens a store; creates its file if it is not there.</summary>
    /// <param name="settings">Where it lies and how it uses memory and disk.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="logger">Where to tell what an operator should know; null for nowhere.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="StoreUnusableException">
    /// The file cannot be used: no database, another program's, made by a newer version, read-only, open in another process, or its
    /// directory is missing. It was left as it was.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The disk is full or failing, or another program holds a write transaction on the file.</exception>
    public static async ValueTask<SqliteStore> OpenAsync(
        SqliteStoreSettings settings,
        TimeProvider? timeProvider = null,
        ILogger<SqliteStore>? logger = null,
        CancellationToken cancellationToken = default)
    {
        settings.Validate();
        SQLitePCL.Batteries_V2.Init();
        var absolute = settings with { Path = Path.GetFullPath(settings.Path) };
        return await Task.Run(() => Open(absolute, timeProvider ?? TimeProvider.System, logger ?? NullLogger<SqliteStore>.Instance), cancellationToken);
    }

    /// <summary>
    /// Copies the whole database, as it is at one moment, into a file of its own, while appends and commits go on. Started on, the copy
    /// goes on from that moment: topics, producers' sequences, checkpoints and sink tables are of one transaction.
    /// </summary>
    /// <remarks>
    /// The copy holds what is in use, without free pages. It costs one reading of the database and its writing; meanwhile the write-ahead
    /// log grows by what is written. Producers opened on the copy get ids far above those of the original, so that none is given out twice.
    /// </remarks>
    /// <param name="path">The file to make. Until it is whole, it is called <c>&lt;path&gt;.partial</c>.</param>
    /// <param name="cancellationToken">Breaks it off, and leaves no file.</param>
    /// <exception cref="IOException">There is a file of that name, or it cannot be made there; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">A disk is full or fails.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ThrowIfDisposed();
        return Task.Run(() => Backup.Write(_settings, Path.GetFullPath(path), cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Closes the store: takes no more requests, writes those that wait, copies the write-ahead log into the database file and frees
    /// the lock. Calling it again does nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writer.StopAsync();
        foreach (var partition in _topics.Committed.Values.SelectMany(topic => topic.Partitions))
        {
            partition.Close();
        }

        await _readers.DisposeAsync();
        _tables.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    private static SqliteStore Open(SqliteStoreSettings settings, TimeProvider timeProvider, ILogger logger)
    {
        var lockFile = LockFile.Take(settings.Path);
        Connection? connection = null;
        try
        {
            connection = DatabaseFile.Open(settings, timeProvider.GetUtcNow());
            return new SqliteStore(lockFile, connection, settings, timeProvider, logger);
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            lockFile.Dispose();
            throw failure is SqliteFailureException refused
                ? new StoreUnavailableException(refused.Explain(settings.Path), refused)
                : failure is PipelineException ? failure : new StoreUnusableException($"'{settings.Path}' cannot be opened: {failure.Message}", failure);
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);
}
