using System.Text.Json.Serialization;
using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline;

/// <summary>What a pipeline or task is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Taking in records.</summary>
    Running,

    /// <summary>Processing what was there when draining began; then it pauses.</summary>
    Draining,

    /// <summary>Taking in nothing until resumed.</summary>
    Paused,

    /// <summary>Waiting for the store or the source to answer again; it goes on by itself.</summary>
    Retrying,

    /// <summary>Stopped: another owner has taken over, or the engine has stopped.</summary>
    Stopped,
}

/// <summary>How a pipeline is doing.</summary>
public sealed record PipelineStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing.</summary>
    public required RunState State { get; init; }

    /// <summary>Its profile: <c>LowLatency</c>, <c>Balanced</c> or <c>Throughput</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Its stages, in order.</summary>
    public required IReadOnlyList<StageStatus> Stages { get; init; }

    /// <summary>Records whose effects were committed, dead letters not counted, since the process started.</summary>
    public required long Processed { get; init; }

    /// <summary>Records that became dead letters, since the pipeline was created.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Records not yet committed, over all stages.</summary>
    public required long Lag { get; init; }

    /// <summary>Records committed per second over the last seconds.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>Time from a record's timestamp to its committed effect.</summary>
    public required LatencyStatus Latency { get; init; }

    /// <summary>The topic that takes its dead letters.</summary>
    public required TopicName DeadLetterTopic { get; init; }

    /// <summary>What its profile sets, each as it is in force.</summary>
    public required PipelineSettings Settings { get; init; }

    /// <summary>Bytes of records committed per second over the last seconds, unpacked.</summary>
    public required double BytesPerSecond { get; init; }
}

/// <summary>How a pipeline is set: what <see cref="PipelineProfile"/> and <c>RetrySettings</c> say.</summary>
public sealed record PipelineSettings
{
    /// <summary>The most bytes in a batch that a task appends.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>How long a producer waits for a batch to fill, in milliseconds.</summary>
    public required double LingerMs { get; init; }

    /// <summary>The most bytes a task holds that are read but not yet committed.</summary>
    public required int ReadAheadBytes { get; init; }

    /// <summary>The most bytes a task reads at once.</summary>
    public required int ReadBytes { get; init; }

    /// <summary>The most records a worker is handed at once.</summary>
    public required int ChunkRecords { get; init; }

    /// <summary>The least time between two commits of a task, in milliseconds.</summary>
    public required double CommitIntervalMs { get; init; }

    /// <summary>The bytes at which a task commits before its interval is over.</summary>
    public required int CommitBytes { get; init; }

    /// <summary>The most chunks that workers process at once in a process.</summary>
    public required int Workers { get; init; }

    /// <summary>How often a record is tried before it becomes a dead letter.</summary>
    public required int Attempts { get; init; }
}

/// <summary>
/// Time from record timestamp to committed effect, since the process started. Every record of a batch counts with the timestamp
/// of the batch's first, so the figures are upper bounds.
/// </summary>
/// <param name="Count">Records measured.</param>
/// <param name="P50Ms">The median, in milliseconds.</param>
/// <param name="P99Ms">The 99th percentile, in milliseconds.</param>
/// <param name="MaximumMs">The longest, in milliseconds.</param>
public sealed record LatencyStatus(long Count, double P50Ms, double P99Ms, double MaximumMs)
{
    /// <summary>How often each bucket was hit; empty for a status that came over a wire.</summary>
    internal ReadOnlyMemory<long> Buckets { get; init; }

    /// <summary>
    /// The latency of what was committed between two statuses of one engine, which tells how it is now. Known in the engine's own
    /// process only: for a status that came over a wire, the answer is that status itself.
    /// </summary>
    /// <param name="earlier">The status before; null for everything so far.</param>
    public LatencyStatus Since(LatencyStatus? earlier) => earlier is null || Buckets.IsEmpty ? this : LatencyHistogram.Between(earlier, this);

    /// <summary>Compares the figures.</summary>
    /// <param name="other">The status to compare with.</param>
    public bool Equals(LatencyStatus? other) =>
        other is not null && (Count, P50Ms, P99Ms, MaximumMs) == (other.Count, other.P50Ms, other.P99Ms, other.MaximumMs);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Count, P50Ms, P99Ms, MaximumMs);
}
