using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Reads blobs of one column straight into the caller's memory, without SQLite's copy of each.</summary>
internal sealed class BlobCursor(Connection connection, sqlite3 database, string table, string column) : IDisposable
{
    private sqlite3_blob? _blob;

    /// <summary>Reads the whole blob of a row.</summary>
    public byte[] Read(long row)
    {
        if (_blob is null)
        {
            connection.Check(raw.sqlite3_blob_open(database, "main", table, column, row, 0, out _blob));
        }
        else
        {
            connection.Check(raw.sqlite3_blob_reopen(_blob, row));
        }

        var bytes = GC.AllocateUninitializedArray<byte>(raw.sqlite3_blob_bytes(_blob));
        connection.Check(raw.sqlite3_blob_read(_blob, bytes, 0));
        return bytes;
    }

    /// <summary>Ends the reading, and with it the read transaction.</summary>
    public void Dispose() => _blob?.Dispose();
}
