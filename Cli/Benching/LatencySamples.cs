namespace Orleans.Pipeline.Cli.Benching;

/// <summary>Latencies of some of the records, taken from several threads.</summary>
internal sealed class LatencySamples
{
    private readonly Lock _sync = new();
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan latency)
    {
        lock (_sync)
        {
            _milliseconds.Add(Math.Max(0, latency.TotalMilliseconds));
        }
    }

    /// <summary>The latency below which a share of the samples lies, in milliseconds; null without samples.</summary>
    public double? Percentile(double share)
    {
        lock (_sync)
        {
            _milliseconds.Sort();
            return _milliseconds.Count == 0
                ? null
                : Math.Round(_milliseconds[(int)Math.Min(_milliseconds.Count - 1, share * _milliseconds.Count)], 2);
        }
    }
}
