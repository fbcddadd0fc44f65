namespace Orleans.Pipeline.Cli.Benching;

/// <summary>What a bench measured, as <c>--json</c> writes it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="RecordBytes">The bytes of each value sent.</param>
/// <param name="Produced">Sending, from send to acknowledgement; null if nothing was sent.</param>
/// <param name="Consumed">Reading, from the record's time to when it was read; null if nothing was read.</param>
internal sealed record BenchJson(TopicName Topic, int RecordBytes, BenchFiguresJson? Produced, BenchFiguresJson? Consumed);

/// <summary>Figures of one way.</summary>
internal sealed record BenchFiguresJson
{
    /// <summary>How many records.</summary>
    public required long Records { get; init; }

    /// <summary>Bytes of their values.</summary>
    public required long Bytes { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Records per second.</summary>
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
