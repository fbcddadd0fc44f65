using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Processing.Tests.Simulation;
using Xunit.Abstractions;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>
/// <c>SIMULATION_RUNS=100000</c> simulates more runs than the default; <c>SIMULATION_SEED=n</c> repeats the run of one seed.
/// </summary>
public sealed class PartitionProcessorSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_fails_each_record_has_its_effect_exactly_once_and_in_order()
    {
        var watch = Stopwatch.StartNew();
        var runs = SimulationRuns.Of(runs: "SIMULATION_RUNS", seed: "SIMULATION_SEED", seed => new SimulationRun(seed).Run());
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
}
