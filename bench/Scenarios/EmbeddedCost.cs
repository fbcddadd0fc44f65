using Orleans.Pipeline.Bench.Measuring;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>The cost of records in one process under a profile, at full speed and at a light load.</summary>
internal sealed class EmbeddedCost(BenchFolder folder, PipelineProfile profile)
{
    public async Task<ProfileCost> RunAsync(Workload workload, int rounds)
    {
        var pipeline = new InProcess(folder, profile);
        await pipeline.RunAsync(workload);
        var runs = new List<Sample>();
        for (var round = 0; round < rounds; round++)
        {
            runs.Add(await pipeline.RunAsync(workload));
        }

        var median = runs.OrderBy(run => run.CpuSeconds).ElementAt(rounds / 2);
        var disk = folder.Bytes;
        folder.Clear();
        var paced = await new Latency(folder, profile).PacedAsync(
            ProfileCost.PacedRecords, ProfileCost.PacedPerSecond, ProfileCost.PacedWaitedEach);
        return new ProfileCost(profile.Name, median, disk, paced);
    }
}
