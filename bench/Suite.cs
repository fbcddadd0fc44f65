using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Bench.Scenarios;

namespace Orleans.Pipeline.Bench;

/// <summary>The scenarios by name.</summary>
internal sealed class Suite(
    BenchFolder folder,
    Report report,
    Workload workload,
    PipelineProfile profile,
    int rounds,
    int behind,
    double gigabytes,
    int batchBytes,
    string? otherDemo)
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "limit", "append", "append-small", "pipeline", "http", "handwritten", "latency", "profiles", "scale", "telemetry", "upload", "cost",
        "start", "cold",
    ];

    public static IReadOnlyDictionary<string, PipelineProfile> Profiles { get; } =
        new[] { PipelineProfile.LowLatency, PipelineProfile.Balanced, PipelineProfile.Throughput }.ToDictionary(profile => profile.Name);

    public async Task RunAsync(string scenario)
    {
        foreach (var name in scenario == "all" ? Names : [scenario])
        {
            await (name switch
            {
                "limit" => LimitAsync(),
                "append" => CompareAsync("append", workload, new Appends(folder).RunAsync),
                "pipeline" => CompareAsync("pipeline", workload, new InProcess(folder, profile).RunAsync),
                "http" => CompareAsync("http", workload, new OverHttp(folder, profile).RunAsync),
                "handwritten" => HandwrittenAsync(),
                "latency" => LatencyAsync(PipelineProfile.LowLatency),
                "profiles" => ProfilesAsync(),
                "telemetry" => TelemetryAsync(),
                "upload" => UploadAsync(),
                "cost" => CostAsync(),
                "cold" => ColdAsync(),
                "append-small" => AppendSmallAsync(),
                "start" => StartAsync(),
                _ => ScaleAsync(),
            });
        }
    }

    private async Task CompareAsync(string name, Workload load, Func<Workload, Task<Sample>> scenario) =>
        report.Add(await Comparison.RunAsync(name, rounds, () => new RawLimit(folder).RunAsync(load), () => scenario(load)));

    /// <summary>Appends batches one after the other, so that a small one stays in the database.</summary>
    private async Task AppendSmallAsync()
    {
        const int Batches = 1_000;
        var load = workload with { Records = Math.Min(workload.Records, Batches * batchBytes / workload.RecordBytes) };
        report.Add(await Comparison.RunAsync(
            $"append, {batchBytes:N0} B at a time",
            rounds,
            () => new RawLimit(folder, batchBytes).RunAsync(load),
            () => new Appends(folder, batchBytes, inFlight: 1).RunAsync(load)));
    }

    private async Task StartAsync()
    {
        foreach (var size in new[] { gigabytes / 20, gigabytes / 4, gigabytes })
        {
            foreach (var (name, ready) in await new Start(folder).RunAsync((long)(size * 1e9)))
            {
                report.AddStart(name, size, ready);
            }
        }
    }

    private async Task LimitAsync()
    {
        for (var round = 0; round < rounds; round++)
        {
            report.Add(await new RawLimit(folder).RunAsync(workload));
        }
    }

    private async Task HandwrittenAsync()
    {
        foreach (var perTransaction in new[] { 1, 1000 })
        {
            var load = workload with { Records = Math.Min(workload.Records, 20_000 * perTransaction) };
            await CompareAsync($"handwritten, {perTransaction:N0} a transaction", load, new Handwritten(folder, perTransaction).RunAsync);
        }
    }

    /// <summary>Compares the pipeline with all telemetry on with the same pipeline without telemetry.</summary>
    private async Task TelemetryAsync()
    {
        var pipeline = new InProcess(folder, profile);
        report.Add(await Comparison.RunAsync("telemetry on", rounds, () => pipeline.RunAsync(workload), async () =>
        {
            await using var telemetry = await TelemetryOn.StartAsync();
            return await pipeline.RunAsync(workload);
        }) with
        { Against = "telemetry off" });
    }

    private async Task UploadAsync() => report.Add(await new Upload(folder).RunAsync(workload.RecordBytes, workload.Partitions));

    private async Task CostAsync()
    {
        var costs = new List<ProfileCost>();
        foreach (var measured in Profiles.Values)
        {
            costs.Add(await new EmbeddedCost(folder, measured).RunAsync(workload, rounds));
        }

        report.Add(costs);
    }

    /// <summary>Measures fresh hosts, in alternation with those of another build if one is given.</summary>
    private async Task ColdAsync()
    {
        foreach (var engine in ColdStart.Engines)
        {
            var (runs, others) = (new List<ColdRun>(), new List<ColdRun>());
            for (var round = 0; round < rounds; round++)
            {
                if (otherDemo is not null)
                {
                    others.Add(await new ColdStart(otherDemo, engine).RunAsync());
                }

                runs.Add(await new ColdStart(ColdStart.BuiltDemo(), engine).RunAsync());
            }

            report.AddCold(engine, runs, others);
        }
    }

    private async Task LatencyAsync(PipelineProfile measured)
    {
        const int PerSecond = 1000;
        for (var round = 0; round < rounds; round++)
        {
            report.AddLatency($"latency, {measured}", PerSecond, await new Latency(folder, measured).RunAsync(10 * PerSecond, PerSecond));
        }
    }

    private async Task ProfilesAsync()
    {
        foreach (var (name, measured) in Profiles)
        {
            await CompareAsync($"pipeline, {name}", workload, new InProcess(folder, measured).RunAsync);
            await LatencyAsync(measured);
        }
    }

    private async Task ScaleAsync()
    {
        foreach (var partitions in new[] { 1, 8, 64 })
        {
            var load = workload with { Partitions = partitions };
            await CompareAsync($"{partitions} partitions, empty", load, new InProcess(folder, profile).RunAsync);
            await CompareAsync($"{partitions} partitions, {behind:N0} behind", load, new InProcess(folder, profile, behind).RunAsync);
        }

        foreach (var size in new[] { 1_000, 10_000 })
        {
            var load = new Workload(workload.Records * workload.RecordBytes / size, size, workload.Partitions);
            await CompareAsync($"{size:N0} B records", load, new InProcess(folder, profile).RunAsync);
        }
    }
}
