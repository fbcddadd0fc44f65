namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// The consumer over a log that fails, falls short and is trimmed at every await, with a reader that leaves, is cancelled, disposed and
/// continues from saved positions. Each record must be handed out once and in order, or be reported as lost; the read-ahead must stay
/// within its bound, one request under way, none repeated without a wait. <c>CONSUMER_RUNS</c> makes it longer, <c>CONSUMER_SEED</c>
/// repeats one run.
/// </summary>
public sealed class ConsumerSimulationTests
{
    [Fact]
    public void Whatever_goes_wrong_records_are_handed_out_once_and_in_order_or_reported_as_lost() =>
        SimulationRuns.Of(runs: "CONSUMER_RUNS", seed: "CONSUMER_SEED", seed => new ConsumerSimulation(seed).Run());
}
