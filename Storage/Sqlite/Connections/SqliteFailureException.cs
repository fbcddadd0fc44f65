using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Raised when SQLite refuses a call. The store translates it for its callers.</summary>
internal sealed class SqliteFailureException(int code, string reason, string path)
    : Exception($"SQLite could not use '{path}': {reason} (code {code}).")
{
    /// <summary>SQLITE_IOERR_SHMSIZE: the WAL's index could not grow.</summary>
    private const int SharedMemoryHasNoSpace = raw.SQLITE_IOERR | (19 << 8);

    public string Reason { get; } = reason;

    /// <summary>Gets the file at fault, if it is not the database itself.</summary>
    public string? File { get; init; }

    /// <summary>Gets SQLite's primary result code. A full disk that SQLite reports as an I/O error counts as full.</summary>
    public int Code { get; } = code == SharedMemoryHasNoSpace ? raw.SQLITE_FULL : code & 0xFF;

    /// <summary>Gets whether the statement is at fault and not the store: its values broke a rule of the table.</summary>
    public bool IsFaultOfStatement =>
        Code is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_ERROR or raw.SQLITE_RANGE;

    /// <param name="path">The database.</param>
    public string Explain(string path) => ExplainOf(File ?? path);

    private string ExplainOf(string path) => Code switch
    {
        raw.SQLITE_FULL => $"The disk that holds '{path}' is full. Free space on it; the store then continues by itself.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"Another program holds a write transaction on '{path}'. End it; the store then continues by itself.",
        raw.SQLITE_READONLY =>
            $"'{path}' cannot be written ({Reason}). Give this process write permission on it; the store then continues by itself.",
        raw.SQLITE_CORRUPT =>
            $"'{path}' is damaged ({Reason}). Stop the host and keep a copy of the file. "
            + "Then restore a backup, or run sqlite3's .recover on the copy.",
        raw.SQLITE_IOERR =>
            $"The disk that holds '{path}' failed ({Reason}). Check the disk; the store continues by itself when the disk works again.",
        _ => $"SQLite could not use '{path}': {Reason} (code {code}).",
    };
}
