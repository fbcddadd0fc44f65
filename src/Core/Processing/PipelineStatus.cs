using System.Text.Json.Serialization;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Processing;

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
public sealed record PipelineStatus(
    string Name,
    RunState State,
    string Profile,
    IReadOnlyList<StageStatus> Stages,
    long Processed,
    long DeadLetters,
    long Lag,
    double RecordsPerSecond,
    LatencyStatus Latency);

/// <summary>How a stage is doing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The topic it reads.</param>
/// <param name="Tasks">Its tasks, by partition.</param>
public sealed record StageStatus(string Name, TopicName Source, IReadOnlyList<TaskStatus> Tasks);

/// <summary>How a task is doing.</summary>
/// <param name="Partition">The partition it reads.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Epoch">The epoch under which it runs.</param>
/// <param name="NextOffset">The first offset not yet committed.</param>
/// <param name="EndOffset">The offset that the partition's next record will get.</param>
/// <param name="Lag">Records not yet committed.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Processed">Records whose effects were committed, dead letters not counted, since the process started.</param>
/// <param name="DeadLetters">Records that became dead letters, since the task was created.</param>
/// <param name="Error">The last error while it retries or since it stopped, or null.</param>
public sealed record TaskStatus(
    int Partition,
    RunState State,
    long Epoch,
    long NextOffset,
    long EndOffset,
    long Lag,
    double RecordsPerSecond,
    long Processed,
    long DeadLetters,
    string? Error);

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
