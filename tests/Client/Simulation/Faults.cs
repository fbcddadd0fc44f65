namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>How a simulated run goes wrong: how often, of a hundred times, each thing happens. Drawn from the run's seed.</summary>
internal sealed record Faults(Random Random)
{
    /// <summary>The answer is an error before the request had its effect; the request may still arrive later.</summary>
    public int LostRequest { get; init; } = Rate(Random, 50);

    /// <summary>The answer is an error after the request had its effect.</summary>
    public int LostAnswer { get; init; } = Rate(Random, 50);

    /// <summary>A request whose answer was lost, or said that it was appended, arrives once more, some time later.</summary>
    public int Stray { get; init; } = Rate(Random, 100);

    public int PushedBack { get; init; } = Rate(Random, 20);

    /// <summary>The request is refused for good, with nothing appended.</summary>
    public int Refused { get; init; } = Rate(Random, 4);

    /// <summary>The answer comes before the call returns.</summary>
    public int AtOnce { get; init; } = Rate(Random, 50);

    /// <summary>A quiet log forgets all producers.</summary>
    public int Forgotten { get; init; } = Rate(Random, 5);

    /// <summary>Time jumps by seconds while requests are under way.</summary>
    public int TimeJump { get; init; } = Rate(Random, 5);

    public bool Happens(int rate) => Random.Next(100) < rate;

    /// <summary>Every second run is free of a fault, so that faults are seen alone and together.</summary>
    private static int Rate(Random random, int maximum) => random.Next(2) == 0 ? 0 : random.Next(maximum + 1);
}
