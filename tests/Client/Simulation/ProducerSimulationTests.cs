namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// The producer against a log that fails, delays, repeats and reorders at every await. Each acknowledged record must be in the
/// log exactly once, at the offset answered, in order per key; no record may be there twice; every send must complete.
/// <c>PRODUCER_RUNS</c> makes it longer, <c>PRODUCER_SEED</c> repeats one run.
/// </summary>
public sealed class ProducerSimulationTests
{
    [Fact]
    public void Whatever_goes_wrong_acknowledged_records_are_in_the_log_exactly_once_and_in_order() =>
        SimulationRuns.Of(runs: "PRODUCER_RUNS", seed: "PRODUCER_SEED", seed => new ProducerSimulation(seed).Run());
}
