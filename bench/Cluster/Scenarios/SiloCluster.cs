using System.Diagnostics;
using Orleans.Pipeline.Bench.Cluster.Database;
using Orleans.Pipeline.Bench.Cluster.Processes;
using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Cluster.Scenarios;

/// <summary>
/// Silos, each a process, over one database. The whole way: producer → log → step → commit. Each silo sends its share and processes its
/// own partitions. The silos stay up over the runs of a comparison, as a service does.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly BenchDatabase _database;
    private readonly string _connectionString;
    private readonly List<BenchProcess> _silos = [];

    private SiloCluster(BenchDatabase database, string connectionString) => (_database, _connectionString) = (database, connectionString);

    public static async Task<SiloCluster> StartAsync(BenchDatabase database, int silos, int partitions, PipelineProfile profile)
    {
        var cluster = new SiloCluster(database, await database.CreateAsync());
        for (var silo = 0; silo < silos; silo++)
        {
            cluster._silos.Add(await BenchProcess.StartAsync(
                BenchSilo.Role, cluster._connectionString, BenchSilo.Arguments(profile, partitions, FreePort.Next(), FreePort.Next())));
        }

        return cluster;
    }

    /// <summary>Sends records and waits for their committed effects.</summary>
    public async Task<Sample> RunAsync(Workload workload)
    {
        await _database.SettleAsync();
        return await MeasureAsync(workload, () => PushAsync(workload));
    }

    /// <summary>Sends records while the pipeline is paused, and measures only how the pipeline catches up.</summary>
    public async Task<Sample> CatchUpAsync(Workload workload)
    {
        await _silos[0].TellAsync("pause");
        var before = await BytesAsync();
        await PushAsync(workload);
        var bytes = await BytesAsync() - before;
        await _database.SettleAsync();
        return await MeasureAsync(workload, () => _silos[0].TellAsync("resume")) with { Bytes = bytes };
    }

    /// <summary>Measures the cost of records, at full speed and at a light load.</summary>
    public async Task<ProfileCost> CostAsync(string profile, Workload workload, int rounds)
    {
        await RunAsync(workload);
        var runs = new List<(Sample Sample, long DiskBytes)>();
        for (var round = 0; round < rounds; round++)
        {
            var before = await _database.ReadBytesAsync(_connectionString);
            runs.Add((await RunAsync(workload), await _database.ReadBytesAsync(_connectionString) - before));
        }

        var median = runs.OrderBy(run => run.Sample.CpuSeconds + run.Sample.DatabaseCpuSeconds).ElementAt(rounds / 2);
        return new ProfileCost(
            profile, median.Sample, median.DiskBytes, await PacedAsync(ProfileCost.PacedRecords, ProfileCost.PacedPerSecond));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        await _database.DropAsync(_connectionString);
    }

    private async Task<Sample> MeasureAsync(Workload workload, Func<Task> work)
    {
        var bytes = await BytesAsync();
        await Task.WhenAll(_silos.Select(silo => silo.TellAsync("start")));
        var databaseCpu = _database.ReadCpuSeconds();
        var started = Stopwatch.GetTimestamp();
        await work();
        await _silos[0].TellAsync("catch-up");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        databaseCpu = _database.ReadCpuSeconds() - databaseCpu;
        var costs = await Task.WhenAll(_silos.Select(silo => silo.AskAsync<ProcessCosts>("stop")));
        return new Sample(
            $"cluster of {_silos.Count}",
            workload.Records,
            await BytesAsync() - bytes,
            seconds,
            costs.Sum(cost => cost.CpuSeconds),
            costs.Sum(cost => cost.AllocatedBytes),
            costs.Sum(cost => cost.PeakBytes))
        {
            DatabaseCpuSeconds = databaseCpu,
            GrainCalls = costs.Sum(cost => cost.GrainCalls),
        };
    }

    private async Task<PacedRun> PacedAsync(int records, int perSecond)
    {
        await _silos[0].AskAsync<PacedRun>($"pace {perSecond} {perSecond}");
        var databaseCpu = _database.ReadCpuSeconds();
        var paced = await _silos[0].AskAsync<PacedRun>($"pace {records} {perSecond}");
        return paced with { Cost = paced.Cost with { DatabaseCpuSeconds = _database.ReadCpuSeconds() - databaseCpu } };
    }

    private Task PushAsync(Workload workload)
    {
        var share = workload with { Records = workload.Records / _silos.Count };
        var rest = workload.Records - (share.Records * (_silos.Count - 1));
        return Task.WhenAll(_silos.Select((silo, index) => silo.TellAsync($"push {(index == 0 ? share with { Records = rest } : share).Format()}")));
    }

    private Task<long> BytesAsync() => _silos[0].AskAsync<long>("bytes");
}
