using System.Globalization;

namespace Orleans.Pipeline.Core.Tests.Client;

/// <summary>
/// The producer against a log that fails, delays, repeats and reorders at every await. Each acknowledged record must be in the
/// log exactly once, at the offset answered, in order per key; no record may be there twice; every send must complete.
/// <c>PRODUCER_RUNS</c> makes it longer, <c>PRODUCER_SEED</c> repeats one run.
/// </summary>
public sealed class ProducerSimulationTests
{
    [Fact]
    public void Whatever_goes_wrong_acknowledged_records_are_in_the_log_exactly_once_and_in_order()
    {
        var only = Environment.GetEnvironmentVariable("PRODUCER_SEED");
        var runs = Environment.GetEnvironmentVariable("PRODUCER_RUNS") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1_000;
        var seeds = only is { Length: > 0 } ? [int.Parse(only, CultureInfo.InvariantCulture)] : Enumerable.Range(0, runs);
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            foreach (var seed in seeds)
            {
                RunOne(seed);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static void RunOne(int seed)
    {
        try
        {
            new ProducerSimulation(seed).Run();
        }
        catch (Exception failure)
        {
            Assert.Fail($"Run with PRODUCER_SEED={seed} failed: {failure}");
        }
    }
}
