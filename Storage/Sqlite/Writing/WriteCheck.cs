using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>A row that is written only to find out whether the database can be written.</summary>
internal sealed class WriteCheck(Connection connection)
{
    private readonly Statement _write = connection.Prepare(
        "INSERT INTO pipeline_write_check (id, written_at) VALUES (1, ?1) ON CONFLICT DO UPDATE SET written_at = excluded.written_at");

    public bool Write(DateTimeOffset now)
    {
        _write.Bind(1, now.ToUnixTimeMilliseconds()).Run();
        return true;
    }
}
