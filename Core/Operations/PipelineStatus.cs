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
/// <param name="Name">Its name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Profile">Its profile: <c>LowLatency</c>, <c>Balanced</c> or <c>Throughput</c>.</param>
/// <param name="Stages">Its stages, in order.</param>
/// <param name="Processed">Records whose effects were committed, dead letters not counted, since the process started.</param>
/// <param name="DeadLetters">Records that became dead letters, since the pipeline was created.</param>
/// <param name="Lag">Records not yet committed, over all stages.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Latency">Time from a record's timestamp to its committed effect.</param>
/// <param name="DeadLetterTopic">The topic that takes its dead letters.</param>
/// <param name="Settings">What its profile sets, each as it is in force.</param>
/// <param name="BytesPerSecond">Bytes of records committed per second over the last seconds, unpacked.</param>
public sealed record PipelineStatus(
    string Name,
    RunState State,
    string Profile,
    IReadOnlyList<StageStatus> Stages,
    long Processed,
    long DeadLetters,
    long Lag,
    double RecordsPerSecond,
    LatencyStatus Latency,
    TopicName DeadLetterTopic,
    PipelineSettings Settings,
    double BytesPerSecond);

/// <summary>How a pipeline is set: what <see cref="PipelineProfile"/> and <c>RetrySettings</c> say.</summary>
/// <param name="BatchBytes">The most bytes in a batch that a task appends.</param>
/// <param name="LingerMs">How long a producer waits for a batch to fill, in milliseconds.</param>
/// <param name="ReadAheadBytes">The most bytes a task holds that are read but not yet committed.</param>
/// <param name="ReadBytes">The most bytes a task reads at once.</param>
/// <param name="ChunkRecords">The most records a worker is handed at once.</param>
/// <param name="CommitIntervalMs">The least time between two commits of a task, in milliseconds.</param>
/// <param name="CommitBytes">The bytes at which a task commits before its interval is over.</param>
/// <param name="Workers">The most chunks that workers process at once in a process.</param>
/// <param name="Attempts">How often a record is tried before it becomes a dead letter.</param>
public sealed record PipelineSettings(
    int BatchBytes,
    double LingerMs,
    int ReadAheadBytes,
    int ReadBytes,
    int ChunkRecords,
    double CommitIntervalMs,
    int CommitBytes,
    int Workers,
    int Attempts);

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
