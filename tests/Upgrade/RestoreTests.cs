using System.Collections.ObjectModel;
using Npgsql;
using Orleans.Pipeline.Contracts;
using Orleans.Pipeline.Numbers;
using Xunit.Abstractions;

namespace Orleans.Pipeline.Upgrade.Tests;

/// <summary>
/// The database is dumped beneath a cluster under load, is lost, and is restored into an empty one: as docs/backup.md says.
/// </summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    private const int BehindDump = 1_000;

    private const string SkipProducerIds =
        """
        SELECT setval(pg_get_serial_sequence('pipeline.producer_ids', 'id'),
            (SELECT last_value FROM pipeline.producer_ids_id_seq) + (1::bigint << 32) + (random() * (1::bigint << 46))::bigint)
        """;

    [ClusterFact]
    public async Task A_dump_taken_under_load_restores_into_an_empty_database_and_goes_on_exactly_once_with_producers_that_never_stopped()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await SiloCluster.StartAsync(server, UpgradeTests.Present, Random.Shared);
        var load = UpgradeTests.NewLoad(cluster);
        using var stop = new CancellationTokenSource();
        var sending = load.RunAsync(stop.Token);
        await cluster.WhenAllTasksGoOnAsync(load);
        var dump = Path.Combine(server.Directory, "pipeline.dump");
        await server.RunAsync("pg_dump", "--format=custom", $"--file={dump}", UriOf(cluster.ConnectionString));
        await load.WhenAcknowledgedAsync(BehindDump);
        await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));

        await RestoreAsync(server, cluster.ConnectionString, dump);
        var ends = await EndsAsync(cluster.ConnectionString);
        var lost = load.Acknowledged.Where(sent => sent.Value.Offset >= ends[sent.Value.Partition.Partition]).ToList();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.RestartAsync()));
        await cluster.ReadyAsync();
        await cluster.WhenAllTasksGoOnAsync(load);
        await load.WhenAcknowledgedAsync(BehindDump);
        await stop.CancelAsync();
        await sending;
        await cluster.DrainAsync();

        output.WriteLine($"{load.Acknowledged.Count} acknowledged, {lost.Count} of them after the dump, {load.Uncertain.Count} uncertain, {load.Refused} refused.");
        Assert.True(lost.Count >= BehindDump, $"{lost.Count} records were acknowledged after the dump.");
        Assert.All(lost, record => Assert.True(load.Acknowledged.TryRemove(record)));
        var effects = await cluster.EffectsAsync("");

        // Files are not in the database, so they keep lines of what it has forgotten; a task cuts those of the silo alone on which it is.
        var log = effects.Log.Select(record => record.Record).ToHashSet();
        effects.Lines.RemoveAll(line => !log.Contains(line));
        var faults = Verdict.Faults(effects, load);
        faults.AddRange(await cluster.History.FaultsAsync());
        Assert.True(faults.Count == 0, Verdict.Report(faults, seed: 0));
    }

    private static async Task RestoreAsync(PostgresServer server, string connectionString, string dump)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var (name, others) = (
            database.Database, new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres" }.ConnectionString);
        await PostgresServer.ExecuteAsync(others, $"DROP DATABASE {name} WITH (FORCE)");
        await PostgresServer.ExecuteAsync(others, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        await server.RunAsync("pg_restore", "--exit-on-error", $"--dbname={UriOf(connectionString)}", dump);
        await PostgresServer.ExecuteAsync(connectionString, SkipProducerIds);
        await PostgresServer.ExecuteAsync(connectionString, "DELETE FROM orleans.OrleansMember");
    }

    /// <summary>Where each partition of the source ends.</summary>
    private static async Task<ReadOnlyDictionary<int, long>> EndsAsync(string connectionString) =>
        (await SinkTables.QueryAsync(
            connectionString,
            $"SELECT p.number, p.end_offset FROM pipeline.partitions p JOIN pipeline.topics t ON t.id = p.topic_id WHERE t.name = '{NumbersPipeline.Source}'",
            row => (Partition: row.GetInt32(0), End: row.GetInt64(1))))
        .ToDictionary(row => row.Partition, row => row.End).AsReadOnly();

    private static string UriOf(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{database.Username}:{database.Password}@{database.Host}:{database.Port}/{database.Database}";
    }
}
