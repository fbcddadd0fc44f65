namespace Orleans.Pipeline.Client.Producing;

/// <summary>How long to wait before a retry: exponential, with a jitter of a fifth either way.</summary>
internal sealed class Backoff(TimeSpan initial, TimeSpan maximum, LockedRandom random)
{
    private const double Jitter = 0.2;
    private const int MaximumDoublings = 30;

    /// <summary>The wait after a number of failures in a row, 1 or more.</summary>
    public TimeSpan After(int failures)
    {
        var wait = initial * (1L << Math.Min(failures - 1, MaximumDoublings));
        return (wait < maximum ? wait : maximum) * (1 - Jitter + (2 * Jitter * random.NextDouble()));
    }
}
