namespace Orleans.Pipeline.Support;

/// <summary>Runs of a simulation, one for each seed.</summary>
public static class SimulationRuns
{
    private const int DefaultRuns = 1_000;

    /// <summary>Runs a simulation many times, or once with the seed that a variable names.</summary>
    /// <param name="runs">The variable that sets how many runs there are.</param>
    /// <param name="seed">The variable that names the one seed to run.</param>
    /// <param name="simulate">Runs the simulation with a seed.</param>
    /// <returns>The number of runs.</returns>
    public static int Of(string runs, string seed, Action<int> simulate)
    {
        int[] seeds = TestSettings.Int(seed) is { } only ? [only] : [.. Enumerable.Range(0, TestSettings.Int(runs) ?? DefaultRuns)];

        // The scheduler of a simulation decides alone what continues when.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            foreach (var one in seeds)
            {
                RunOne(one, seed, simulate);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return seeds.Length;
    }

    private static void RunOne(int seed, string variable, Action<int> simulate)
    {
        try
        {
            simulate(seed);
        }
        catch (Exception failure)
        {
            Assert.Fail($"Run with {variable}={seed} failed: {failure}");
        }
    }
}
