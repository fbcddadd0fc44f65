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

    /// <summary>Runs a statement, as soon as the writer that runs has ended.</summary>
    public static void Execute(string path, string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var connection));
        using (connection)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_busy_timeout(connection, PatienceMs));
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(connection, sql));
        }
    }

    /// <summary>Counts the rows of a table.</summary>
    public static int Count(string path, string table)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var connection));
        using (connection)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(connection, $"SELECT count(*) FROM {table}", out var statement));
            using (statement)
            {
                Assert.Equal(raw.SQLITE_ROW, raw.sqlite3_step(statement));
                return raw.sqlite3_column_int(statement, 0);
            }
        }
    }

    /// <summary>Gives the database back.</summary>
    public void Dispose() => _connection.Dispose();
}
