using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Scenarios;
using Orleans.Pipeline.Bench.Cluster.Streams;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Bench.Cluster;

/// <summary>The scenarios by name.</summary>
internal sealed class Suite(BenchDatabase database, Report report, Workload workload, PipelineProfile profile, int rounds)
{
    private const string Limit = "postgres-limit";

    public static IReadOnlyList<string> Names { get; } = [Limit, "cluster", "orleans-streams"];

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
                _ => StreamsAsync(),
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
        foreach (var silos in new[] { 1, 3 })
        {
            await using var cluster = await SiloCluster.StartAsync(database, silos, workload.Partitions, profile);
            await CompareAsync($"cluster, {silos} silo(s)", cluster.RunAsync);
            await CompareAsync($"cluster, {silos} silo(s), catching up", cluster.CatchUpAsync);
        }
    }

    private async Task StreamsAsync()
    {
        await using var streams = await RawStreams.StartAsync(database);
        foreach (var way in StreamWay.All)
        {
            var load = workload with { Records = Math.Min(workload.Records, way.MostRecords) };
            for (var round = 0; round < rounds; round++)
            {
                report.Add(await streams.RunAsync(way, load));
            }
        }

        await using var cluster = await SiloCluster.StartAsync(database, silos: 1, workload.Partitions, profile);
        report.Add(
            await Comparison.RunAsync("cluster, 1 silo(s)", rounds, () => streams.RunAsync(StreamWay.DurableBatches, workload), () => cluster.RunAsync(workload)),
            StreamWay.DurableBatches.Name);
    }

    private async Task CompareAsync(string name, Func<Workload, Task<Sample>> scenario) =>
        report.Add(await Comparison.RunAsync(name, rounds, () => new RawInserts(database).RunAsync(workload), () => scenario(workload)), Limit);
}
