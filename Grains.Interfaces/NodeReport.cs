namespace Orleans.Pipeline.Grains;

/// <remarks>
/// Silos of other versions read the report, so an id keeps its meaning and new members get new ids. The members of <see cref="Load"/>
/// therefore travel one by one, under the ids that they had in the first version.
/// </remarks>
[GenerateSerializer, Immutable, Alias("pipeline.node-report")]
internal sealed record NodeReport
{
    [Id(0)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets the silo's version of Orleans.Pipeline.</summary>
    [Id(1)]
    public required string Version { get; init; }

    /// <summary>Gets the silo's version of Orleans; null from a silo of an older version.</summary>
    [Id(11)]
    public required string? OrleansVersion { get; init; }

    /// <summary>Gets the stages that the silo defines; null from a silo of an older version.</summary>
    [Id(12)]
    public required StageReport[]? Stages { get; init; }

    public required NodeLoad Load
    {
        get => new()
        {
            Partitions = Partitions,
            Tasks = Tasks,
            Cpu = Cpu,
            Cores = Cores,
            WorkingSetBytes = WorkingSetBytes,
            HeapBytes = HeapBytes,
            Gen0Collections = Collections[0],
            Gen1Collections = Collections[1],
            Gen2Collections = Collections[2],
            GcPauseShare = GcPauseShare,
            UptimeSeconds = UptimeSeconds,
        };
        init
        {
            Partitions = value.Partitions;
            Tasks = value.Tasks;
            Cpu = value.Cpu;
            Cores = value.Cores;
            WorkingSetBytes = value.WorkingSetBytes;
            HeapBytes = value.HeapBytes;
            Collections = [value.Gen0Collections, value.Gen1Collections, value.Gen2Collections];
            GcPauseShare = value.GcPauseShare;
            UptimeSeconds = value.UptimeSeconds;
        }
    }

    [Id(2)]
    private int Partitions { get; init; }

    [Id(3)]
    private int Tasks { get; init; }

    [Id(4)]
    private double Cpu { get; init; }

    [Id(5)]
    private int Cores { get; init; }

    [Id(6)]
    private long WorkingSetBytes { get; init; }

    [Id(7)]
    private long HeapBytes { get; init; }

    /// <summary>Gets the collections since the process started: of generation 0 and above, of 1 and above, of 2.</summary>
    [Id(8)]
    private int[] Collections { get; init; } = [];

    [Id(9)]
    private double GcPauseShare { get; init; }

    [Id(10)]
    private double UptimeSeconds { get; init; }
}
