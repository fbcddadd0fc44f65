namespace Orleans.Pipeline.Retrying;

/// <summary>A source of random numbers that is safe for several threads. A seeded <see cref="Random"/> is not.</summary>
internal sealed class LockedRandom(Random random) : Random
{
    private readonly Lock _sync = new();

    public override double NextDouble()
    {
        lock (_sync)
        {
            return random.NextDouble();
        }
    }

    public override int Next(int maxValue)
    {
        lock (_sync)
        {
            return random.Next(maxValue);
        }
    }
}
