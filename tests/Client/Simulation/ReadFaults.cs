namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// How a simulated run of a consumer goes wrong: how often, of a hundred times, each thing happens. Drawn from the run's seed.
/// </summary>
internal sealed record ReadFaults(Random Random)
{
    /// <summary>A request is answered by an error.</summary>
    public int Unavailable { get; init; } = Rate(Random, 60);

    /// <summary>A request is answered that it is one too many for now.</summary>
    public int RateLimited { get; init; } = Rate(Random, 20);

    /// <summary>A request ends with a cancellation that the caller did not request.</summary>
    public int Cancelled { get; init; } = Rate(Random, 10);

    /// <summary>A read is answered with less than there is.</summary>
    public int Short { get; init; } = Rate(Random, 80);

    /// <summary>A request is answered before the call returns.</summary>
    public int AtOnce { get; init; } = Rate(Random, 50);

    /// <summary>Retention removes batches.</summary>
    public int Trimmed { get; init; } = Rate(Random, 15);

    public bool Happens(int rate) => Random.Next(100) < rate;

    private static int Rate(Random random, int maximum) => random.Next(2) == 0 ? 0 : random.Next(maximum + 1);
}
