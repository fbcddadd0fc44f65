using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Files;

/// <summary>Records in the database which process has it open, for the error that a second process gets.</summary>
internal static class StoreOwner
{
    public static void Record(Connection connection, DateTimeOffset now)
    {
        using var statement = connection.PrepareOnce(
            "INSERT OR REPLACE INTO pipeline_owner (id, process_id, machine, opened_at) VALUES (1, ?1, ?2, ?3)");
        statement.Bind(1, Environment.ProcessId).Bind(2, Environment.MachineName).Bind(3, now.ToUnixTimeMilliseconds()).Run();
    }

    /// <summary>Names the process that has a database open, if the database can be read.</summary>
    public static string Describe(string path)
    {
        try
        {
            using var connection = Connection.OpenReader(path, TimeSpan.Zero);
            using var statement = connection.PrepareOnce("SELECT process_id, machine FROM pipeline_owner");
            return statement.Step() ? $"process {statement.Integer(0)} on '{statement.Text(1)}'" : "another process";
        }
        catch (SqliteFailureException)
        {
            return "another process";
        }
    }
}
