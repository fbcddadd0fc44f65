using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Connections;

/// <summary>Reads blobs of one column directly into new arrays, without an extra copy by SQLite.</summary>
internal sealed class BlobCursor(Connection connection, sqlite3 database, string table, string column) : IDisposable
{
    private sqlite3_blob? _blob;

    public byte[] Read(long row)
    {
        MoveTo(row);
        var bytes = GC.AllocateUninitializedArray<byte>(raw.sqlite3_blob_bytes(_blob));
        connection.Check(raw.sqlite3_blob_read(_blob, bytes, 0));
        return bytes;
    }

    /// <summary>Reads the first bytes of a blob.</summary>
    public void Read(long row, Span<byte> first)
    {
        MoveTo(row);
        connection.Check(raw.sqlite3_blob_read(_blob, first, 0));
    }

    /// <summary>Ends the read transaction.</summary>
    public void Dispose() => _blob?.Dispose();

    [MemberNotNull(nameof(_blob))]
    private void MoveTo(long row)
    {
        if (_blob is null)
        {
            connection.Check(raw.sqlite3_blob_open(database, "main", table, column, row, 0, out _blob));
        }
        else
        {
            connection.Check(raw.sqlite3_blob_reopen(_blob, row));
        }
    }
}
