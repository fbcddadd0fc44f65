using Npgsql;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Database;

/// <summary>
/// The time of each commit, recorded by the database in the commit's own transaction. Needs the schema of <see cref="Owners"/>.
/// </summary>
internal static class Commits
{
    public static async Task BeginAsync(string connectionString)
    {
        using var script = new StreamReader(typeof(Commits).Assembly.GetManifestResourceStream("commits.sql")!);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(await script.ReadToEndAsync(), connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lists all commits so far, the earliest first.</summary>
    public static async Task<List<Commit>> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT at, partition, first, next FROM bench.commits ORDER BY at", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var commits = new List<Commit>();
        while (await rows.ReadAsync())
        {
            commits.Add(new Commit(rows.GetDateTime(0), rows.GetInt32(1), rows.GetInt64(2), rows.GetInt64(3)));
        }

        return commits;
    }

    /// <summary>Gets the number of records that the pipeline counted.</summary>
    public static async Task<long> CountedAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT sum(records)::bigint FROM {CountingPipeline.Name}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal sealed record Commit(DateTime At, int Partition, long First, long Next);
}
