namespace Orleans.Pipeline.Cli.Benching;

/// <summary>What a bench measured, as <c>--json</c> writes it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="RecordBytes">The bytes of each value sent.</param>
/// <param name="Produced">The sends; latency runs from the send to the acknowledgement. Null if nothing was sent.</param>
/// <param name="Consumed">The reads; latency runs from the record's time to the read. Null if nothing was read.</param>
internal sealed record BenchJson(TopicName Topic, int RecordBytes, BenchFiguresJson? Produced, BenchFiguresJson? Consumed);

/// <summary>The figures of sending or of reading.</summary>
internal sealed record BenchFiguresJson
{
    public required long Records { get; init; }

    /// <summary>Bytes of the records' values.</summary>
    public required long Bytes { get; init; }

    public required double Seconds { get; init; }

    public required double RecordsPerSecond { get; init; }

    /// <summary>Millions of bytes of values per second.</summary>
    public required double MegabytesPerSecond { get; init; }

    /// <summary>The median latency, in milliseconds; null where none was measured.</summary>
    public required double? P50Ms { get; init; }

    /// <summary>The 99th percentile, in milliseconds; null where none was measured.</summary>
    public required double? P99Ms { get; init; }

    public static BenchFiguresJson Of(long records, long bytes, TimeSpan elapsed, LatencySamples latencies) => new()
    {
        Records = records,
        Bytes = bytes,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        RecordsPerSecond = Math.Round(records / elapsed.TotalSeconds),
        MegabytesPerSecond = Math.Round(bytes / elapsed.TotalSeconds / 1_000_000, 2),
        P50Ms = latencies.Percentile(0.5),
        P99Ms = latencies.Percentile(0.99),
    };
}
