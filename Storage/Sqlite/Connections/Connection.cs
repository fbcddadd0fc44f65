using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>A connection to the database file, for one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _database;
    private readonly List<Statement> _statements = [];

    private Connection(sqlite3 database, string path)
    {
        _database = database;
        Path = path;
    }

    public string Path { get; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>Gets whether SQLite could open the file only for reading.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_database, "main") == 1;

    /// <summary>Opens the file for reading and writing, and creates it if it does not exist.</summary>
    public static Connection Open(string path, TimeSpan busyTimeout) =>
        Open(path, path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, busyTimeout);

    public static Connection OpenReader(string path, TimeSpan busyTimeout) => Open(path, path, raw.SQLITE_OPEN_READONLY, busyTimeout);

    /// <summary>Opens the main file without its WAL, in a way that cannot change the disk.</summary>
    public static Connection OpenImmutable(string path) =>
        Open($"{new Uri(path).AbsoluteUri}?immutable=1", path, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI, TimeSpan.Zero);

    /// <summary>Sets whether closing the connection leaves the WAL as it is.</summary>
    public void KeepWalOnClose(bool keep)
    {
        const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        Check(raw.sqlite3_db_config(_database, NoCheckpointOnClose, keep ? 1 : 0, out _));
    }

    public void Execute(string sql)
    {
        Check(raw.sqlite3_exec(_database, sql));
    }

    /// <summary>Interrupts the statement that another thread runs on this connection.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_database);

    /// <summary>Queries one integer; 0 if there is no row.</summary>
    public long QueryInteger(string sql)
    {
        using var statement = PrepareOnce(sql);
        var value = statement.Step() ? statement.Integer(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        const uint Persistent = 1; // SQLITE_PREPARE_PERSISTENT
        Check(raw.sqlite3_prepare_v3(_database, sql, Persistent, out var handle));
        var statement = new Statement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Prepares a statement that the caller disposes.</summary>
    public Statement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var handle));
        return new Statement(this, handle);
    }

    public BlobCursor OpenBlobs(string table, string column) => new(this, _database, table, column);

    /// <summary>Returns the number of pages written since the previous call.</summary>
    public long TakePagesWritten()
    {
        const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        Check(raw.sqlite3_db_status(_database, CacheWrite, out var pages, out _, 1));
        return pages;
    }

    public void SetBusyTimeout(TimeSpan timeout) => Check(raw.sqlite3_busy_timeout(_database, (int)timeout.TotalMilliseconds));

    /// <summary>Copies as much as possible of the WAL into the database file.</summary>
    /// <param name="mode">SQLITE_CHECKPOINT_PASSIVE, or RESTART to wait for readers as long as the busy timeout.</param>
    public WalProgress CheckpointWal(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_database, "main", mode, out var frames, out var copied);
        return code is raw.SQLITE_OK or raw.SQLITE_BUSY
            ? new(Math.Max(frames, 0), Math.Max(copied, 0), IsComplete: code == raw.SQLITE_OK && frames == copied)
            : throw Failure(code);
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    public SqliteFailureException Failure(int code) => new(code, raw.sqlite3_errmsg(_database).utf8_to_string(), Path);

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _database.Dispose();
    }

    private static Connection Open(string name, string path, int flags, TimeSpan busyTimeout)
    {
        const int NoMutex = 0x8000; // SQLITE_OPEN_NOMUTEX
        var code = raw.sqlite3_open_v2(name, out var database, flags | NoMutex, null);
        var connection = new Connection(database, path);
        try
        {
            connection.Check(code);
            connection.Check(raw.sqlite3_extended_result_codes(database, 1));
            connection.SetBusyTimeout(busyTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>The progress of copying the write-ahead log into the database file.</summary>
/// <param name="Frames">The number of pages in the log.</param>
/// <param name="Copied">The number of pages, from the log's start, that are in the database file.</param>
/// <param name="IsComplete">True if all pages are, so that the log starts over.</param>
internal sealed record WalProgress(long Frames, long Copied, bool IsComplete)
{
    public static WalProgress None { get; } = new(0, 0, IsComplete: true);
}
