using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Telemetry;

/// <summary>The bucket bounds of histograms, as listed in docs/telemetry.md.</summary>
internal static class Buckets
{
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    public static InstrumentAdvice<double> LongSeconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    public static InstrumentAdvice<double> ShortSeconds { get; } = new()
    {
        HistogramBucketBoundaries =
            [0.000001, 0.000005, 0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
    };

    public static InstrumentAdvice<long> Bytes { get; } = new()
    {
        HistogramBucketBoundaries = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20],
    };

    public static InstrumentAdvice<long> Counts { get; } =
        new() { HistogramBucketBoundaries = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] };
}
