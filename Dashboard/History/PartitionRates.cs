namespace Orleans.Pipeline.Dashboard.History;

/// <summary>
/// The growth per second of each partition's counter, smoothed over some seconds, and of all counters over the last three seconds. Records
/// come in batches, so a single second varies too much. The sampler writes; any thread may read.
/// </summary>
internal sealed class PartitionRates
{
    private const double Seconds = 5;
    private const double WindowSeconds = 3.5;

    private readonly Queue<(long Grown, double Seconds)> _window = [];

    private volatile IReadOnlyList<double> _rates = [];
    private long[] _counts = [];

    public IReadOnlyList<double> PerSecond => _rates;

    /// <summary>Adds the counters. A counter that decreased because its owner restarted has not grown.</summary>
    /// <param name="counts">The counters by partition.</param>
    /// <param name="elapsed">The time since the last call; null at the first.</param>
    /// <returns>The growth of all counters per second over the last seconds; null if it is not known.</returns>
    public double? Add(long[] counts, TimeSpan? elapsed)
    {
        var before = _counts;
        _counts = counts;
        if (elapsed is not { TotalSeconds: > 0 and var seconds } || before.Length != counts.Length)
        {
            _rates = new double[counts.Length];
            _window.Clear();
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
        return Windowed(grown, seconds);
    }

    private double Windowed(long grown, double seconds)
    {
        _window.Enqueue((grown, seconds));
        while (_window.Count > 1 && _window.Sum(sample => sample.Seconds) > WindowSeconds)
        {
            _window.Dequeue();
        }

        return _window.Sum(sample => sample.Grown) / _window.Sum(sample => sample.Seconds);
    }
}
