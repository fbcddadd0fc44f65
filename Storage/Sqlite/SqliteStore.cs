using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Storage.Sqlite.Checkpoints;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Files;
using Orleans.Pipeline.Storage.Sqlite.Reading;
using Orleans.Pipeline.Storage.Sqlite.Retention;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using Orleans.Pipeline.Storage.Sqlite.Tables;
using Orleans.Pipeline.Storage.Sqlite.Topics;
using Orleans.Pipeline.Storage.Sqlite.Writing;

namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>
/// Keeps the log, the checkpoints and the sink tables in one SQLite database, which one process can use at a time: a file, and beside it
/// the folder <c>&lt;path&gt;-log</c> with the large batches of the log. Acknowledged data is on the disk (<c>synchronous=FULL</c>). Other
/// programs, such as a <c>sqlite3</c> shell, may read the file at the same time.
/// </summary>
/// <remarks>
/// One thread writes the appends and commits of all callers, as many as wait in one transaction. If they have many bytes, their batches
/// go into a file of the folder first, once, and the transaction refers to them; otherwise they are in the transaction itself. Retention
/// removes files whose batches are all gone. Later transactions reuse the pages that retention frees, but the database file itself does
/// not shrink, because <c>auto_vacuum</c> is off: it would write more on every append.
/// </remarks>
public sealed partial class SqliteStore : TopicStore, IAsyncDisposable
{
    // The folders. Each one uses only those to its left:
    //
    //     Connections <- Writing | Tables <- Segments <- Files | Topics <- Reading | Checkpoints <- Retention <- SqliteStore
    private readonly SqliteStoreSettings _settings;
    private readonly LockFile _lock;
    private readonly Connection _connection;
    private readonly SegmentFiles _segmentFiles;
    private readonly SegmentLog _segments;
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
    private readonly WriteCheck _writeCheck;
    private int _disposed;

    private SqliteStore(LockFile lockFile, Connection connection, SqliteStoreSettings settings, TimeProvider timeProvider, ILogger logger)
        : base("sqlite")
    {
        _settings = settings;
        _lock = lockFile;
        _connection = connection;
        _timeProvider = timeProvider;
        var folder = new SegmentFolder(settings.Path);
        _segmentFiles = new(folder, logger);
        _segments = new(connection, settings, folder, _segmentFiles);
        _writer = new(connection, settings, Telemetry, logger);
        _readers = new(settings, _segmentFiles);
        _topics = new(connection);
        _identities = new(connection, settings.CachedProducers);
        var sequences = new ProducerSequences(connection, _identities, timeProvider, settings.CachedProducers);
        _log = new(connection, _segments, _topics, sequences, timeProvider);
        _settled = new(connection, _topics, _log);
        _checkpoints = new(connection);
        _tables = new(connection);
        _commits = new(_topics, _checkpoints, _log, _tables, timeProvider);
        _paused = new(connection);
        var removal = new BatchRemoval(connection, _segments, _topics, _checkpoints, sequences, _settled);
        var compaction = new SegmentCompaction(connection, _writer, _readers, _segments);
        _retention = new(_writer, _readers, _topics, removal, compaction, sequences, _identities, settings.ProducerExpiry);
        _writeCheck = new(connection);
        _writer.Start();
        DatedAhead = new(
            timeProvider,
            settings.MaximumAhead,
            (partition, offset, time) => LogDatedAhead(logger, partition.Topic, offset, partition.Partition, time));
    }

    /// <summary>Opens a store, and creates its file if it does not exist.</summary>
    /// <param name="settings">The place, and how the store uses memory and disk.</param>
    /// <param name="timeProvider">The clock; null for the system's clock.</param>
    /// <param name="logger">The log for operators; null for none.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="StoreUnusableException">
    /// The file cannot be used, and nothing was changed: it is not a database, it belongs to another program or to a newer version of this
    /// one, it is read-only, another process has it open, its directory does not exist, or a file of its folder is missing or too short.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The disk is full or fails, or another program holds a write transaction.</exception>
    public static async ValueTask<SqliteStore> OpenAsync(
        SqliteStoreSettings settings,
        TimeProvider? timeProvider = null,
        ILogger<SqliteStore>? logger = null,
        CancellationToken cancellationToken = default)
    {
        settings.Validate();
        SQLitePCL.Batteries_V2.Init();
        var absolute = settings with { Path = Path.GetFullPath(settings.Path) };
        return await Task.Run(
            () => Open(absolute, timeProvider ?? TimeProvider.System, logger ?? NullLogger<SqliteStore>.Instance), cancellationToken);
    }

    /// <summary>
    /// Copies the whole database into another file, while appends and commits continue. The copy is one consistent snapshot of topics,
    /// producers' sequences, checkpoints and sink tables; a store that opens the copy continues from that snapshot.
    /// </summary>
    /// <remarks>
    /// The copy is one file, with the batches of the folder in it. It costs one read and one write of the database. Meanwhile the
    /// write-ahead log grows by what is written to it, and retention leaves the files of the folder.
    /// Producers opened on the copy get ids far above those of the original, so that no id is assigned twice.
    /// </remarks>
    /// <param name="path">The file to create. Until the copy is complete, its name is <c>&lt;path&gt;.partial</c>.</param>
    /// <param name="cancellationToken">Cancels the copy, and leaves no file.</param>
    /// <exception cref="IOException">The file exists or cannot be created; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">A disk is full or fails.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ThrowIfDisposed();
        return Task.Run(() => Backup.Write(_settings, _segmentFiles, Path.GetFullPath(path), cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Closes the store: refuses new requests, writes those that wait, copies the write-ahead log into the database file and releases
    /// the lock. A second call does nothing.
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
        _segments.Dispose();
        _segmentFiles.Dispose();
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
                : failure is PipelineException ? failure : new StoreUnusableException(
                    $"'{settings.Path}' cannot be opened: {failure.Message} Check the file and its directory.", failure);
        }
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
