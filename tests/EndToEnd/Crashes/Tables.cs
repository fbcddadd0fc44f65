using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

/// <summary>Reads the sink tables of a SQLite file.</summary>
internal static class Tables
{
    /// <summary>The rows of a table that only grows, in the order in which they came.</summary>
    public static List<(string Key, int Number)> Rows(string database, string table) =>
        Query(database, $"SELECT name, number FROM {table} ORDER BY rowid", row => (row.GetString(0), row.GetInt32(1)));

    /// <summary>Records and their total, by key, of the table of counters.</summary>
    public static Dictionary<string, (long Records, long Total)> Counts(string database) =>
        Query(
            database,
            $"SELECT name, records, total FROM {NumbersPipeline.CountsTable}",
            row => (Key: row.GetString(0), Records: row.GetInt64(1), Total: row.GetInt64(2)))
            .ToDictionary(row => row.Key, row => (row.Records, row.Total));

    private static List<T> Query<T>(string database, string sql, Func<SqliteDataReader, T> read)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var values = new List<T>();
        while (rows.Read())
        {
            values.Add(read(rows));
        }

        return values;
    }
}
