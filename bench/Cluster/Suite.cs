using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Scenarios;
using Orleans.Pipeline.Bench.Cluster.Streams;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster;

/// <summary>The scenarios by name.</summary>
internal sealed class Suite(
    BenchDatabase database,
    Report report,
    Workload workload,
    PipelineProfile profile,
    int rounds,
    IReadOnlyList<int> silos,
    int handovers,
    string? otherVersion)
{
    private const string Limit = "postgres-limit";

    public static IReadOnlyList<string> Names { get; } =
        [Limit, "cluster", "orleans-streams", "handover", "upgrade", "cluster-scale", "cost"];

    public static IReadOnlyDictionary<string, PipelineProfile> Profiles { get; } =
        new[] { PipelineProfile.LowLatency, PipelineProfile.Balanced, PipelineProfile.Throughput }.ToDictionary(profile => profile.Name);

    public async Task RunAsync(IEnumerable<string> scenarios)
    {
        foreach (var name in scenarios.SelectMany(scenario => scenario == "all" ? Names : [scenario]))
        {
            await (name switch
            {
                Limit => LimitAsync(),
                "cluster" => ClusterAsync(),
                "orleans-streams" => StreamsAsync(),
                "handover" => HandoverAsync(),
                "cost" => CostAsync(),
                "upgrade" => UpgradeAsync(),
                _ => ScaleAsync(),
            });
        }
    }

    private async Task LimitAsync()
    {
        for (var round = 0; round < rounds; round++)
        {
            report.Add(await new RawInserts(database).RunAsync(workload));
        }
    }

    private async Task ClusterAsync()
    {
        foreach (var count in silos)
        {
            await using var cluster = await SiloCluster.StartAsync(database, count, workload.Partitions, profile);
            await CompareAsync(NameOf(count), workload, cluster.RunAsync);
            await CompareAsync($"{NameOf(count)}, catching up", workload, cluster.CatchUpAsync);
        }
    }

    private async Task StreamsAsync()
    {
        await using var streams = await RawStreams.StartAsync(database);
        foreach (var way in StreamWay.All)
        {
            await CompareAsync(
                way.Name, workload with { Records = Math.Min(workload.Records, way.MostRecords) }, load => streams.RunAsync(way, load));
        }

        await using var cluster = await SiloCluster.StartAsync(database, silos: 1, workload.Partitions, profile);
        report.Add(
            await Comparison.RunAsync(
                NameOf(1), rounds, () => streams.RunAsync(StreamWay.DurableBatches, workload), () => cluster.RunAsync(workload)),
            StreamWay.DurableBatches.Name);
    }

    private async Task HandoverAsync()
    {
        foreach (var signal in new[] { "TERM", "KILL" })
        {
            report.AddTimes($"handover, SIG{signal}", await new Handover(database, workload.Partitions).RunAsync(signal, handovers));
        }
    }

    private async Task CostAsync()
    {
        var costs = new List<ProfileCost>();
        foreach (var measured in Profiles.Values)
        {
            await using var cluster = await SiloCluster.StartAsync(database, silos: 1, workload.Partitions, measured);
            costs.Add(await cluster.CostAsync(measured.Name, workload, rounds));
        }

        report.Add(costs);
    }

    private async Task UpgradeAsync() =>
        report.AddUpgrade(await new RollingUpgrade(database, workload.Partitions, otherVersion).RunAsync());

    private async Task ScaleAsync()
    {
        foreach (var (count, partitions) in new[] { (1, 1), (1, 16), (1, 128), (2, 16), (3, 16) })
        {
            await using var cluster = await SiloCluster.StartAsync(database, count, partitions, profile);
            await CompareAsync($"{NameOf(count)}, {partitions} partition(s)", workload with { Partitions = partitions }, cluster.RunAsync);
        }
    }

    private async Task CompareAsync(string name, Workload load, Func<Workload, Task<Sample>> scenario) =>
        report.Add(await Comparison.RunAsync(name, rounds, () => new RawInserts(database).RunAsync(load), () => scenario(load)), Limit);

    private static string NameOf(int silos) => silos == 1 ? "cluster, one silo" : $"cluster, {silos} silos";
}
