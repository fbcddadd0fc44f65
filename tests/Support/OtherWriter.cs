using SQLitePCL;

namespace Orleans.Pipeline.Support;

/// <summary>Another program, which has a SQLite database for itself to write, until disposed.</summary>
public sealed class OtherWriter : IDisposable
{
    private const int PatienceMs = 60_000;

    private readonly sqlite3 _connection;

    private OtherWriter(sqlite3 connection) => _connection = connection;

    /// <summary>Takes the write transaction of a database as soon as the one that runs has ended.</summary>
    public static OtherWriter Begin(string path)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var connection));
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_busy_timeout(connection, PatienceMs));
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(connection, "BEGIN IMMEDIATE"));
        return new(connection);
    }

    /// <summary>Gives the database back.</summary>
    public void Dispose() => _connection.Dispose();
}
