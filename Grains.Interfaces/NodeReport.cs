namespace Orleans.Pipeline.Grains;

/// <summary>How a silo is doing, by its own account.</summary>
/// <remarks>
/// Silos of other versions read it: an id keeps its meaning, and new members get new ids. So the members of <see cref="Load"/> travel one
/// by
/// one, under the ids that they had in the first version.
/// </remarks>
[GenerateSerializer, Immutable, Alias("pipeline.node-report")]
internal sealed record NodeReport
{
    /// <summary>When its process was started.</summary>
    [Id(0)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The version of Orleans.Pipeline that it runs.</summary>
    [Id(1)]
    public required string Version { get; init; }

    /// <summary>The version of Orleans that it runs; null from a silo of an older version.</summary>
    [Id(11)]
    public required string? OrleansVersion { get; init; }

    /// <summary>What it owns and uses.</summary>
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

    /// <summary>Collections since the process started: of generation 0 and above, of 1 and above, of 2.</summary>
    [Id(8)]
    private int[] Collections { get; init; } = [];

    [Id(9)]
    private double GcPauseShare { get; init; }

    [Id(10)]
    private double UptimeSeconds { get; init; }
}
