using Orleans.Pipeline.Processing;

namespace Orleans.Pipeline.Grains;

/// <summary>How a task is doing, as its grain tells it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Epoch">The epoch under which it runs.</param>
/// <param name="NextOffset">The first offset not yet committed.</param>
/// <param name="EndOffset">The offset that the partition's next record will get.</param>
/// <param name="RecordsPerSecond">Records committed per second over the last seconds.</param>
/// <param name="Processed">Records whose effects were committed, dead letters not counted, since the grain was activated.</param>
/// <param name="DeadLetters">Records that became dead letters, since the task was created.</param>
/// <param name="Error">The last error while it retries or since it stopped, or null.</param>
/// <param name="Latency">How often each bucket of latencies was hit, in the buckets of the status.</param>
/// <param name="MaximumMs">The longest latency, in milliseconds.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-report")]
public sealed record TaskReport(
    [property: Id(0)] string Stage,
    [property: Id(1)] int Partition,
    [property: Id(2)] RunState State,
    [property: Id(3)] long Epoch,
    [property: Id(4)] long NextOffset,
    [property: Id(5)] long EndOffset,
    [property: Id(6)] double RecordsPerSecond,
    [property: Id(7)] long Processed,
    [property: Id(8)] long DeadLetters,
    [property: Id(9)] string? Error,
    [property: Id(10)] long[] Latency,
    [property: Id(11)] long MaximumMs);

/// <summary>How a pipeline is doing, as its grain tells it.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Tasks">Every task.</param>
[GenerateSerializer, Immutable, Alias("pipeline.pipeline-report")]
public sealed record PipelineReport([property: Id(0)] RunState State, [property: Id(1)] TaskReport[] Tasks);

/// <summary>Where a task moves.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="Offset">The first offset to process.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-move")]
public sealed record TaskMove([property: Id(0)] string Stage, [property: Id(1)] int Partition, [property: Id(2)] long Offset);

/// <summary>How far draining is.</summary>
[GenerateSerializer, Alias("pipeline.drain-state")]
public enum DrainState
{
    /// <summary>Records are left.</summary>
    Draining,

    /// <summary>All that was there is committed, and the pipeline is paused.</summary>
    Drained,

    /// <summary>The pipeline was paused before, or meanwhile.</summary>
    Paused,
}
