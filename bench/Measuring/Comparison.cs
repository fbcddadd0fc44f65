namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>
/// Runs of one scenario in alternation with the physical limit: limit, scenario, limit, scenario… Each ratio compares the two runs of a
/// pair, so that a drift of the machine's speed does not matter. The result is the median ratio.
/// </summary>
/// <param name="Name">The scenario.</param>
/// <param name="Runs">The runs of the scenario.</param>
/// <param name="Limits">The runs of the limit, each just before the scenario's.</param>
internal sealed record Comparison(string Name, IReadOnlyList<Sample> Runs, IReadOnlyList<Sample> Limits)
{
    /// <summary>The name of the reference. Default the physical limit.</summary>
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

    public Sample Median => Runs.OrderBy(run => run.RecordsPerSecond).ElementAt(Runs.Count / 2);

    /// <summary>The median ratio of processor time per record.</summary>
    public double CpuRatio =>
        Runs.Zip(Limits, (run, limit) => run.CpuMicrosecondsPerRecord / limit.CpuMicrosecondsPerRecord).Order().ElementAt(Runs.Count / 2);

    public Sample MedianLimit => Limits.OrderBy(run => run.MegabytesPerSecond).ElementAt(Limits.Count / 2);

    /// <summary>The median ratio of records per second.</summary>
    public double RecordRatio =>
        Runs.Zip(Limits, (run, limit) => run.RecordsPerSecond / limit.RecordsPerSecond).Order().ElementAt(Runs.Count / 2);

    /// <summary>The median ratio of bytes per second.</summary>
    public double Ratio =>
        Runs.Zip(Limits, (run, limit) => run.MegabytesPerSecond / limit.MegabytesPerSecond).Order().ElementAt(Runs.Count / 2);
}
