namespace Orleans.Pipeline.Dashboard.History;

/// <summary>How fast each partition's counter grows, smoothed over some seconds. Written by the sampler, read by anybody.</summary>
internal sealed class PartitionRates
{
    private const double Seconds = 5;

    private volatile IReadOnlyList<double> _rates = [];
    private long[] _counts = [];

    /// <summary>The rates by partition, per second.</summary>
    public IReadOnlyList<double> PerSecond => _rates;

    /// <summary>Takes the counters in; one that went back, because its owner began anew, has not grown.</summary>
    /// <param name="counts">The counters by partition.</param>
    /// <param name="elapsed">The time since the last call; null at the first.</param>
    /// <returns>How much all of them grew per second since the last call; null if that is not known.</returns>
    public double? Add(long[] counts, TimeSpan? elapsed)
    {
        var before = _counts;
        _counts = counts;
        if (elapsed is not { TotalSeconds: > 0 and var seconds } || before.Length != counts.Length)
        {
            _rates = new double[counts.Length];
            return null;
        }

        var weight = 1 - Math.Exp(-seconds / Seconds);
        var rates = new double[counts.Length];
        var grown = 0L;
        for (var partition = 0; partition < counts.Length; partition++)
        {
            var growth = Math.Max(0, counts[partition] - before[partition]);
            grown += growth;
            rates[partition] = _rates[partition] + (weight * ((growth / seconds) - _rates[partition]));
        }

        _rates = rates;
        return grown / seconds;
    }
}
