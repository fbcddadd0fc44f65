namespace Orleans.Pipeline;

/// <summary>
/// Trades latency against throughput and cost in one setting. Each property can still be set alone:
/// <c>PipelineProfile.Throughput with { CommitInterval = TimeSpan.FromSeconds(1) }</c>.
/// </summary>
public sealed record PipelineProfile
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromDays(1);

    private PipelineProfile(string name) => Name = name;

    /// <summary>Processes and commits every record as soon as it arrives: small batches and the most commits.</summary>
    public static PipelineProfile LowLatency { get; } = new("LowLatency")
    {
        BatchBytes = 64 << 10,
        Linger = TimeSpan.Zero,
        ReadAheadBytes = 4 << 20,
        ReadBytes = 256 << 10,
        ChunkRecords = 256,
        CommitInterval = TimeSpan.Zero,
        CommitBytes = 1 << 20,
        Workers = Environment.ProcessorCount,
    };

    /// <summary>The default. Batches fill for up to 5 ms, and a task commits at most every 20 ms or 4 MiB.</summary>
    public static PipelineProfile Balanced { get; } = new("Balanced")
    {
        BatchBytes = 256 << 10,
        Linger = TimeSpan.FromMilliseconds(5),
        ReadAheadBytes = 16 << 20,
        ReadBytes = 1 << 20,
        ChunkRecords = 2048,
        CommitInterval = TimeSpan.FromMilliseconds(20),
        CommitBytes = 4 << 20,
        Workers = Environment.ProcessorCount,
    };

    /// <summary>
    /// Uses large batches and few commits: the least CPU and disk per record, for up to some hundred milliseconds of latency.
    /// </summary>
    public static PipelineProfile Throughput { get; } = new("Throughput")
    {
        BatchBytes = 1 << 20,
        Linger = TimeSpan.FromMilliseconds(50),
        ReadAheadBytes = 64 << 20,
        ReadBytes = 4 << 20,
        ChunkRecords = 8192,
        CommitInterval = TimeSpan.FromMilliseconds(200),
        CommitBytes = 16 << 20,
        Workers = Environment.ProcessorCount,
    };

    /// <summary>The name of the profile that this one started from: <c>LowLatency</c>, <c>Balanced</c> or <c>Throughput</c>.</summary>
    public string Name { get; }

    /// <summary>The bytes at which a producer sends a batch, and the most bytes in a batch that a task appends.</summary>
    public int BatchBytes { get; init; }

    /// <summary>The time that a producer waits for a batch to fill.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>The most bytes that a task holds between reading and committing. A larger batch is still taken, alone.</summary>
    public int ReadAheadBytes { get; init; }

    /// <summary>The most bytes that a task reads at once.</summary>
    public int ReadBytes { get; init; }

    /// <summary>The most records that a worker gets at once.</summary>
    public int ChunkRecords { get; init; }

    /// <summary>The least time between two commits of a task, unless <see cref="CommitBytes"/> are waiting.</summary>
    public TimeSpan CommitInterval { get; init; }

    /// <summary>The bytes of processed source batches at which a task commits before its interval is over.</summary>
    public int CommitBytes { get; init; }

    /// <summary>The most chunks that workers process at once in a process. Default: the number of cores.</summary>
    public int Workers { get; init; }

    /// <inheritdoc />
    public override string ToString() => Name;

    internal string? Fault() => this switch
    {
        { BatchBytes: < 1 } => $"{nameof(BatchBytes)} is {BatchBytes}; give 1 or more.",
        { ReadAheadBytes: < 1 } => $"{nameof(ReadAheadBytes)} is {ReadAheadBytes}; give 1 or more.",
        { ReadBytes: < 1 } => $"{nameof(ReadBytes)} is {ReadBytes}; give 1 or more.",
        { ChunkRecords: < 1 } => $"{nameof(ChunkRecords)} is {ChunkRecords}; give 1 or more.",
        { CommitBytes: < 1 } => $"{nameof(CommitBytes)} is {CommitBytes}; give 1 or more.",
        { Workers: < 1 } => $"{nameof(Workers)} is {Workers}; give 1 or more.",
        _ when Linger < TimeSpan.Zero || Linger > MaximumWait => $"{nameof(Linger)} is {Linger}; give zero to one day.",
        _ when CommitInterval < TimeSpan.Zero || CommitInterval > MaximumWait =>
            $"{nameof(CommitInterval)} is {CommitInterval}; give zero to one day.",
        _ => null,
    };
}
