using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Reads blobs of one column directly into new arrays, without an extra copy by SQLite.</summary>
internal sealed class BlobCursor(Connection connection, sqlite3 database, string table, string column) : IDisposable
{
    private sqlite3_blob? _blob;

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

    /// <summary>Ends the read transaction.</summary>
    public void Dispose() => _blob?.Dispose();
}
