namespace Orleans.Pipeline.Dashboard.History;

/// <summary>
/// A figure over the last hour: every second of the last five minutes, and means of ten seconds of the whole hour. About 3 kB. Safe for
/// several threads.
/// </summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly Ring _fine = RingOf(TimeRange.FiveMinutes);
    private readonly Ring _coarse = RingOf(TimeRange.Hour);

    public void Add(DateTimeOffset at, double value)
    {
        var second = at.ToUnixTimeSeconds();
        lock (_lock)
        {
            _fine.Add(second, value);
            _coarse.Add(second, value);
        }
    }

    /// <summary>Returns the values of a range that ends at a time, oldest first; NaN where nothing was measured.</summary>
    public float[] Read(TimeRange range, DateTimeOffset end)
    {
        var values = new float[range.Points];
        lock (_lock)
        {
            (range.Step == TimeRange.FiveMinutes.Step ? _fine : _coarse).CopyTo(values, end.ToUnixTimeSeconds());
        }

        return values;
    }

    /// <summary>Returns the mean of the last seconds, which varies less than the last value; 0 if nothing was measured in them.</summary>
    public double Recent(DateTimeOffset end, int seconds = 5)
    {
        Span<float> values = stackalloc float[Math.Min(seconds, 60)];
        lock (_lock)
        {
            _fine.CopyTo(values, end.ToUnixTimeSeconds());
        }

        var (sum, count) = (0d, 0);
        foreach (var value in values)
        {
            if (!float.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static Ring RingOf(TimeRange range) => new(range.Points, (int)range.Step.TotalSeconds);
}
