namespace Orleans.Pipeline.Cli.Benching;

/// <summary>What a bench measured, as <c>--json</c> writes it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="RecordBytes">The bytes of each value sent.</param>
/// <param name="Produced">Sending, from send to acknowledgement; null if nothing was sent.</param>
/// <param name="Consumed">Reading, from the record's time to when it was read; null if nothing was read.</param>
internal sealed record BenchJson(TopicName Topic, int RecordBytes, BenchFiguresJson? Produced, BenchFiguresJson? Consumed);

/// <summary>Figures of one way.</summary>
/// <param name="Records">How many records.</param>
/// <param name="Bytes">Bytes of their values.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="RecordsPerSecond">Records per second.</param>
/// <param name="MegabytesPerSecond">Millions of bytes of values per second.</param>
/// <param name="P50Ms">The median latency, in milliseconds; null where none was measured.</param>
/// <param name="P99Ms">The 99th percentile, in milliseconds; null where none was measured.</param>
internal sealed record BenchFiguresJson(
    long Records, long Bytes, double Seconds, double RecordsPerSecond, double MegabytesPerSecond, double? P50Ms, double? P99Ms)
{
    public static BenchFiguresJson Of(long records, long bytes, TimeSpan elapsed, LatencySamples latencies) => new(
        records,
        bytes,
        Math.Round(elapsed.TotalSeconds, 3),
        Math.Round(records / elapsed.TotalSeconds),
        Math.Round(bytes / elapsed.TotalSeconds / 1_000_000, 2),
        latencies.Percentile(0.5),
        latencies.Percentile(0.99));
}
