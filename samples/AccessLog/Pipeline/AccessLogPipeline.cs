using Orleans.Pipeline;
using static Orleans.Pipeline.Sink;

namespace AccessLog;

/// <summary>Counts the traffic in a web server's log by minute, method and status.</summary>
public static class AccessLogPipeline
{
    /// <summary>The pipeline's name.</summary>
    public const string Name = "traffic";

    /// <summary>The topic of log lines, keyed by client address.</summary>
    public const string Source = "access-log";

    /// <summary>The table of requests and bytes by minute, method and status.</summary>
    public const string TrafficTable = "traffic";

    /// <summary>The topic of parsed lines, as JSON.</summary>
    public const string Parsed = "access-log.parsed";

    /// <summary>The topic of those parsed lines whose status is an error, as JSON.</summary>
    public const string Errors = "access-log.errors";

    /// <summary>Adds the pipeline. A line that does not parse becomes a dead letter.</summary>
    /// <param name="pipelines">The catalog that receives the pipeline.</param>
    /// <param name="profile">The profile, which trades latency for throughput; null for <c>Balanced</c>.</param>
    public static void Define(PipelineCatalog pipelines, PipelineProfile? profile = null) => pipelines
        .UseJson(AccessLogJson.Default)
        .Add(Name, pipeline => pipeline
            .Profile(profile ?? PipelineProfile.Balanced)
            .From(Source, partitions: 8)
            .Step<ParseLogLine, AccessLogEntry>()
            .To(Table.Add<AccessLogEntry>(TrafficTable)
                .Key("minute", entry => MinuteOf(entry.Time))
                .Key("method", entry => entry.Method)
                .Key("status", entry => entry.Status)
                .Sum("requests", _ => 1L)
                .Sum("bytes", entry => entry.Bytes))
            .To(Topic(Parsed))
            .Where(entry => entry.Status >= 400)
            .To(Topic(Errors)));

    private static DateTimeOffset MinuteOf(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
