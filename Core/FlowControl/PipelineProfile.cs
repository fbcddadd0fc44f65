namespace Orleans.Pipeline;

/// <summary>
/// Trades latency against throughput and cost in one setting. Each property can still be set alone:
/// <c>PipelineProfile.Throughput with { CommitInterval = TimeSpan.FromSeconds(1) }</c>.
/// </summary>
public sealed record PipelineProfile
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromDays(1);

    private PipelineProfile(string name) => Name = name;

    /// <summary>Every record is processed and committed as soon as it is there: small batches, most commits.</summary>
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

    /// <summary>The default: batches gather for some milliseconds, a task commits at most every 20 ms or 4 MiB.</summary>
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

    /// <summary>Large batches and few commits: the least CPU and disk per record, for up to some hundred milliseconds of latency.</summary>
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

    /// <summary><c>LowLatency</c>, <c>Balanced</c> or <c>Throughput</c>: which profile this one started from.</summary>
    public string Name { get; }

    /// <summary>The bytes at which a producer sends a batch, and the most in a batch a task appends.</summary>
    public int BatchBytes { get; init; }

    /// <summary>How long a producer waits for a batch to fill.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>The most bytes a task holds that are read but not yet committed; one larger batch is still taken alone.</summary>
    public int ReadAheadBytes { get; init; }

    /// <summary>The most bytes a task reads at once.</summary>
    public int ReadBytes { get; init; }

    /// <summary>The most records a worker is handed at once.</summary>
    public int ChunkRecords { get; init; }

    /// <summary>The least time between two commits of a task, unless <see cref="CommitBytes"/> are waiting.</summary>
    public TimeSpan CommitInterval { get; init; }

    /// <summary>The bytes of processed source batches at which a task commits before its interval is over.</summary>
    public int CommitBytes { get; init; }

    /// <summary>The most chunks that workers process at once in a process. Default: the number of cores.</summary>
    public int Workers { get; init; }

    /// <inheritdoc />
    public override string ToString() => Name;

    /// <summary>Describes the setting that is out of range; null if none is.</summary>
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
