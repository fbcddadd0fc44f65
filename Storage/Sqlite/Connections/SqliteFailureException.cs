using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>SQLite refused a call. It stays inside the store, which tells its callers what it means for them.</summary>
internal sealed class SqliteFailureException(int code, string reason, string path)
    : Exception($"SQLite could not use '{path}': {reason} (code {code}).")
{
    /// <summary>SQLITE_IOERR_SHMSIZE: the WAL's index could not grow.</summary>
    private const int SharedMemoryHasNoSpace = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>SQLite's own words.</summary>
    public string Reason { get; } = reason;

    /// <summary>SQLite's primary result code; a full disk that shows as an error of input or output counts as full.</summary>
    public int Code { get; } = code == SharedMemoryHasNoSpace ? raw.SQLITE_FULL : code & 0xFF;

    /// <summary>Whether the statement was at fault, not the store: what it wrote broke a rule of its table.</summary>
    public bool IsFaultOfStatement => Code is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_ERROR or raw.SQLITE_RANGE;

    /// <summary>What an operator should know and do.</summary>
    public string Explain(string path) => Code switch
    {
        raw.SQLITE_FULL => $"The disk that holds '{path}' is full. Free space on it; the store goes on by itself.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another program holds a write transaction on '{path}'. End it; the store goes on by itself.",
        raw.SQLITE_READONLY => $"'{path}' cannot be written ({Reason}). Give this process write permission on it; the store goes on by itself.",
        raw.SQLITE_CORRUPT => $"'{path}' is damaged ({Reason}). Stop, keep a copy of it, and restore a backup or run sqlite3's .recover on the copy.",
        raw.SQLITE_IOERR => $"The disk that holds '{path}' failed ({Reason}). Check the disk; the store goes on by itself when it answers again.",
        _ => $"SQLite could not use '{path}': {Reason} (code {code}).",
    };
}
