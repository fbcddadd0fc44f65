using Npgsql;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.Contracts;

/// <summary>Reads the sink tables, of which the database notes the order of their rows.</summary>
public static class SinkTables
{
    /// <summary>Has the database note in which order the rows of a table came, in the transactions in which they do.</summary>
    public static string NoteOrderOf(string table) =>
        $"""
        CREATE TABLE {table}_in_order (position bigserial PRIMARY KEY, name text, number bigint);
        CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO {table}_in_order (name, number) VALUES (NEW.name, NEW.number); RETURN NULL; END $$;
        CREATE TRIGGER note_{table} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION note_{table}();
        """;

    /// <summary>The rows of a table that only grows, in the order in which they came.</summary>
    public static async Task<List<(string Key, int Number)>> RowsAsync(string connectionString, string table)
    {
        var rows = await QueryAsync(
            connectionString,
            $"SELECT name, number FROM {table}_in_order ORDER BY position",
            row => (row.GetString(0), (int)row.GetInt64(1)));
        Assert.Equal([rows.Count], await QueryAsync(connectionString, $"SELECT count(*)::integer FROM {table}", row => row.GetInt32(0)));
        return rows;
    }

    /// <summary>Records and their total, by key, of the table of counters.</summary>
    public static async Task<Dictionary<string, (long Records, long Total)>> CountsAsync(string connectionString) =>
        (await QueryAsync(
            connectionString,
            $"SELECT name, records, total FROM {NumbersPipeline.CountsTable}",
            row => (Key: row.GetString(0), Records: row.GetInt64(1), Total: row.GetInt64(2))))
        .ToDictionary(row => row.Key, row => (row.Records, row.Total));

    public static async Task<List<T>> QueryAsync<T>(string connectionString, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Unpooled(connectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await rows.ReadAsync())
        {
            values.Add(read(rows));
        }

        return values;
    }
}
