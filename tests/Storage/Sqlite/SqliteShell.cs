using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>Uses a database file as another program would.</summary>
internal static class SqliteShell
{
    /// <summary>Runs a query and gives each row with its values joined by '|'.</summary>
    public static IReadOnlyList<string> Query(string path, string sql)
    {
        using var connection = Open(path, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            var values = Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)
                .Select(value => value switch
                {
                    DBNull => "null",
                    byte[] bytes => Convert.ToHexString(bytes),
                    _ => Convert.ToString(value, CultureInfo.InvariantCulture),
                });
            rows.Add(string.Join('|', values));
        }

        return rows;
    }

    public static void Execute(string path, string sql)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection =
            new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
