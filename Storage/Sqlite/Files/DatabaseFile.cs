using Orleans.Pipeline.Storage.Sqlite.Connections;
using Orleans.Pipeline.Storage.Sqlite.Segments;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>Opens the database. One that cannot be used, file or segments, is not changed.</summary>
internal static class DatabaseFile
{
    /// <summary>The size of a database file's header. SQLite itself would accept a smaller file as empty.</summary>
    private const int HeaderBytes = 100;

    /// <summary>Opens the writing connection, and creates or migrates the schema.</summary>
    /// <exception cref="StoreUnusableException">The file cannot be used, and was not changed.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full or fails.</exception>
    public static Connection Open(SqliteStoreSettings settings, DateTimeOffset now)
    {
        try
        {
            InspectUntouched(settings.Path);
            return OpenInspected(settings, now);
        }
        catch (SqliteFailureException failure) when (failure.Code is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY)
        {
            throw new StoreUnavailableException(failure.Explain(settings.Path), failure);
        }
        catch (SqliteFailureException failure)
        {
            throw new StoreUnusableException(Explain(failure, settings.Path), failure);
        }
    }

    public static void Configure(Connection connection, long cacheBytes)
    {
        connection.Execute($"PRAGMA cache_size = -{Math.Max(cacheBytes >> 10, 1)}");
        connection.Execute("PRAGMA temp_store = MEMORY");
    }

    private static void InspectUntouched(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            RequireSegments(path, null);
            return;
        }

        if (file.Length < HeaderBytes)
        {
            throw new StoreUnusableException(NotADatabase(path));
        }

        using var connection = Connection.OpenImmutable(path);
        Schema.Inspect(connection);
    }

    private static Connection OpenInspected(SqliteStoreSettings settings, DateTimeOffset now)
    {
        var connection = Connection.Open(settings.Path, settings.BusyTimeout);
        try
        {
            if (connection.IsReadOnly)
            {
                throw new StoreUnusableException(
                    $"'{settings.Path}' cannot be written by this process. Give it write permission, or use another path.");
            }

            connection.KeepWalOnClose(true);
            var version = Schema.Inspect(connection);
            RequireSegments(settings.Path, version < Schema.FirstWithSegments ? null : SegmentFolder.Load(connection));
            connection.KeepWalOnClose(false);
            Prepare(connection, settings, version, now);
            StoreOwner.Record(connection, now);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <param name="path">The database.</param>
    /// <param name="segments">The segments that it knows; null if it is new, or of a version without segments.</param>
    private static void RequireSegments(string path, IReadOnlyList<Segment>? segments)
    {
        if (new SegmentFolder(path).FindFault(segments) is { } fault)
        {
            throw new StoreUnusableException(fault);
        }
    }

    private static void Prepare(Connection connection, SqliteStoreSettings settings, int version, DateTimeOffset now)
    {
        connection.Execute($"PRAGMA page_size = {settings.PageBytes}");
        if (settings.MaximumPages is { } pages)
        {
            connection.Execute($"PRAGMA max_page_count = {pages}");
        }

        Schema.Migrate(connection, version, now);
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = FULL");
        Configure(connection, settings.CacheBytes);
    }

    private static string Explain(SqliteFailureException failure, string path) => failure.Code switch
    {
        raw.SQLITE_NOTADB => NotADatabase(path),
        raw.SQLITE_CANTOPEN => $"'{path}' cannot be opened ({failure.Reason}). "
            + "Check that it is a file and that this process may read and write it and its directory.",
        _ => failure.Explain(path),
    };

    private static string NotADatabase(string path) => $"'{path}' is not a SQLite database. It was not changed. Use another path.";
}
