using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Core.Tests.Processing.Simulation;
using Xunit.Abstractions;

namespace Orleans.Pipeline.Core.Tests.Processing;

/// <summary>
/// <c>SIMULATION_RUNS=100000</c> simulates more runs than the default; <c>SIMULATION_SEED=n</c> repeats the run of one seed.
/// </summary>
public sealed class PartitionProcessorSimulationTests(ITestOutputHelper output)
{
    private const int DefaultRuns = 1000;

    [Fact]
    public void Whatever_fails_each_record_has_its_effect_exactly_once_and_in_order()
    {
        if (Setting("SIMULATION_SEED") is { } seed)
        {
            new SimulationRun(seed).Run();
            return;
        }

        var runs = Setting("SIMULATION_RUNS") ?? DefaultRuns;
        var watch = Stopwatch.StartNew();
        for (var run = 1; run <= runs; run++)
        {
            new SimulationRun(run).Run();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs} runs in {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        var first = new SimulationRun(seed: 42);
        var second = new SimulationRun(seed: 42);
        first.Run();
        second.Run();

        Assert.Equal(first.Steps, second.Steps);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
