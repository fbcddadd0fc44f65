namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>Percentiles of measured times, in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double P999, double Maximum)
{
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        return new Percentiles(At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.99), At(sorted, 0.999), sorted[^1]);
    }

    public Percentiles DividedBy(Percentiles other) =>
        new(P50 / other.P50, P90 / other.P90, P99 / other.P99, P999 / other.P999, Maximum / other.Maximum);

    private static double At(double[] sorted, double share) => sorted[(int)Math.Ceiling(sorted.Length * share) - 1];
}
