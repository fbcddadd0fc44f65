namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>
/// Runs of one scenario in alternation with the physical limit: limit, scenario, limit, scenario… A ratio is taken pair by pair, so
/// that it holds while the machine's speed drifts, and the median of them is what counts.
/// </summary>
/// <param name="Name">The scenario.</param>
/// <param name="Runs">Its runs.</param>
/// <param name="Limits">The limit's runs, each just before.</param>
internal sealed record Comparison(string Name, IReadOnlyList<Sample> Runs, IReadOnlyList<Sample> Limits)
{
    /// <summary>What the scenario is compared with, where that is not the physical limit.</summary>
    public string Against { get; init; } = "limit";

    public static async Task<Comparison> RunAsync(string name, int rounds, Func<Task<Sample>> limit, Func<Task<Sample>> scenario)
    {
        await scenario();
        var runs = new List<Sample>();
        var limits = new List<Sample>();
        for (var round = 0; round < rounds; round++)
        {
            limits.Add(await limit());
            runs.Add(await scenario());
        }

        return new Comparison(name, runs, limits);
    }

    /// <summary>The run with the median rate.</summary>
    public Sample Median => Runs.OrderBy(run => run.RecordsPerSecond).ElementAt(Runs.Count / 2);

    /// <summary>The median over the pairs of the scenario's processor time per record to the limit's.</summary>
    public double CpuRatio =>
        Runs.Zip(Limits, (run, limit) => run.CpuMicrosecondsPerRecord / limit.CpuMicrosecondsPerRecord).Order().ElementAt(Runs.Count / 2);

    /// <summary>The limit's run with the median rate.</summary>
    public Sample MedianLimit => Limits.OrderBy(run => run.MegabytesPerSecond).ElementAt(Limits.Count / 2);

    /// <summary>The median over the pairs of the scenario's records per second to the limit's.</summary>
    public double RecordRatio =>
        Runs.Zip(Limits, (run, limit) => run.RecordsPerSecond / limit.RecordsPerSecond).Order().ElementAt(Runs.Count / 2);

    /// <summary>The median over the pairs of the scenario's bytes per second to the limit's.</summary>
    public double Ratio =>
        Runs.Zip(Limits, (run, limit) => run.MegabytesPerSecond / limit.MegabytesPerSecond).Order().ElementAt(Runs.Count / 2);
}
