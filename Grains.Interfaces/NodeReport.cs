namespace Orleans.Pipeline.Grains;

/// <summary>How a silo is doing, by its own account.</summary>
[Immutable, Alias("pipeline.node-report")]
internal sealed record NodeReport
{
    /// <summary>When its process was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The version of Orleans.Pipeline that it runs.</summary>
    public required string Version { get; init; }

    /// <summary>The version of Orleans that it runs; null from a silo of an older version.</summary>
    public required string? OrleansVersion { get; init; }

    public required NodeLoad Load { get; init; }
}

/// <summary>A silo's report between silos. Silos of other versions read it: an id keeps its meaning, and new members get new ids.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.node-report-surrogate")]
internal struct NodeReportSurrogate
{
    [Id(0)]
    public DateTimeOffset StartedAt;

    [Id(1)]
    public string Version;

    [Id(2)]
    public int Partitions;

    [Id(3)]
    public int Tasks;

    [Id(4)]
    public double Cpu;

    [Id(5)]
    public int Cores;

    [Id(6)]
    public long WorkingSetBytes;

    [Id(7)]
    public long HeapBytes;

    /// <summary>Collections since the process started: of generation 0 and above, of 1 and above, of 2.</summary>
    [Id(8)]
    public int[] Collections;

    [Id(9)]
    public double GcPauseShare;

    [Id(10)]
    public double UptimeSeconds;

    [Id(11)]
    public string? OrleansVersion;
}

/// <summary>Turns reports of silos into what travels, and back.</summary>
[RegisterConverter]
internal sealed class NodeReportConverter : IConverter<NodeReport, NodeReportSurrogate>
{
    /// <inheritdoc />
    public NodeReport ConvertFromSurrogate(in NodeReportSurrogate surrogate) => new()
    {
        StartedAt = surrogate.StartedAt,
        Version = surrogate.Version,
        OrleansVersion = surrogate.OrleansVersion,
        Load = new NodeLoad
        {
            Partitions = surrogate.Partitions,
            Tasks = surrogate.Tasks,
            Cpu = surrogate.Cpu,
            Cores = surrogate.Cores,
            WorkingSetBytes = surrogate.WorkingSetBytes,
            HeapBytes = surrogate.HeapBytes,
            Gen0Collections = surrogate.Collections[0],
            Gen1Collections = surrogate.Collections[1],
            Gen2Collections = surrogate.Collections[2],
            GcPauseShare = surrogate.GcPauseShare,
            UptimeSeconds = surrogate.UptimeSeconds,
        },
    };

    /// <inheritdoc />
    public NodeReportSurrogate ConvertToSurrogate(in NodeReport value) => new()
    {
        StartedAt = value.StartedAt,
        Version = value.Version,
        Partitions = value.Load.Partitions,
        Tasks = value.Load.Tasks,
        Cpu = value.Load.Cpu,
        Cores = value.Load.Cores,
        WorkingSetBytes = value.Load.WorkingSetBytes,
        HeapBytes = value.Load.HeapBytes,
        Collections = [value.Load.Gen0Collections, value.Load.Gen1Collections, value.Load.Gen2Collections],
        GcPauseShare = value.Load.GcPauseShare,
        UptimeSeconds = value.Load.UptimeSeconds,
        OrleansVersion = value.OrleansVersion,
    };
}
