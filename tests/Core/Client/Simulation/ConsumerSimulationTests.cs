using System.Globalization;

namespace Orleans.Pipeline.Core.Tests.Client;

/// <summary>
/// The consumer over a log that fails, falls short and is trimmed at every await, with a reader that leaves, is cancelled, disposed and
/// goes on from saved positions. Each record must be handed out once and in order, or be reported as lost; the read-ahead must stay
/// within its bound, one request under way, none repeated without a wait. <c>CONSUMER_RUNS</c> makes it longer, <c>CONSUMER_SEED</c>
/// repeats one run.
/// </summary>
public sealed class ConsumerSimulationTests
{
    [Fact]
    public void Whatever_goes_wrong_records_are_handed_out_once_and_in_order_or_reported_as_lost()
    {
        var only = Environment.GetEnvironmentVariable("CONSUMER_SEED");
        var runs = Environment.GetEnvironmentVariable("CONSUMER_RUNS") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1_000;
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
            new ConsumerSimulation(seed).Run();
        }
        catch (Exception failure)
        {
            Assert.Fail($"Run with CONSUMER_SEED={seed} failed: {failure}");
        }
    }
}
