using Xunit.Abstractions;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// Two loads that send while their hosts go through something. One waits for acknowledgements as long as it takes; the other gives up
/// soon, so that the fate of some of its records is uncertain.
/// </summary>
/// <param name="patient">The load that waits.</param>
/// <param name="hasty">The load that gives up.</param>
/// <param name="seed">The seed that failures name.</param>
/// <param name="output">Where the counts go.</param>
public sealed class LoadTrial(KeyedLoad patient, KeyedLoad hasty, int seed, ITestOutputHelper output)
{
    /// <summary>How long the hasty load waits for an acknowledgement.</summary>
    public static TimeSpan Haste => TimeSpan.FromMilliseconds(300);

    /// <summary>Sends, then judges the effects.</summary>
    /// <param name="goThrough">What the hosts go through meanwhile; it is paced by the patient load.</param>
    /// <param name="drain">Waits until all that was sent is processed, and reads the effects; and what else is wrong.</param>
    public async Task UnderLoadAsync(Func<KeyedLoad, Task> goThrough, Func<Task<(Effects Effects, IEnumerable<string> Faults)>> drain)
    {
        using var stop = new CancellationTokenSource();
        var sending = Task.WhenAll(patient.RunAsync(stop.Token), hasty.RunAsync(stop.Token));
        await goThrough(patient);
        await stop.CancelAsync();
        await sending;

        var (effects, further) = await drain();
        output.WriteLine(
            $"Patient: {patient.Acknowledged.Count} acknowledged. Hasty: {hasty.Acknowledged.Count} acknowledged, "
            + $"{hasty.Uncertain.Count} uncertain, {hasty.Refused} refused.");
        List<string> faults = [.. Verdict.Faults(effects, patient, hasty), .. further];
        Assert.True(faults.Count == 0, Verdict.Report(faults, seed));
        Assert.Empty(patient.Uncertain);
        Assert.NotEmpty(patient.Acknowledged);
    }
}
