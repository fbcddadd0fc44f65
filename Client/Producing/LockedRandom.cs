namespace Orleans.Pipeline.Client.Producing;

/// <summary>A source of randomness that several threads may use, which <see cref="Random"/> itself does not allow.</summary>
internal sealed class LockedRandom(Random random)
{
    private readonly Lock _sync = new();

    public double NextDouble()
    {
        lock (_sync)
        {
            return random.NextDouble();
        }
    }

    public int Next(int end)
    {
        lock (_sync)
        {
            return random.Next(end);
        }
    }
}
