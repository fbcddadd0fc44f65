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
/// <param name="Node">The silo that it runs on, by its name; null from a silo of an older version, or if none answers for it.</param>
/// <param name="Retries">How often something was tried again, since the grain was activated.</param>
/// <param name="BytesPerSecond">Bytes of records committed per second over the last seconds, unpacked.</param>
/// <param name="ChunksRunning">Chunks of it that workers run.</param>
/// <param name="ChunksWaiting">Chunks of it that wait for a worker.</param>
/// <param name="Workers">Chunks that the silo can run at once, over all tasks.</param>
/// <param name="WrittenPerSecond">What commits wrote to each sink per second over the last seconds; null from a silo of an older version.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-report")]
internal sealed partial record TaskReport(
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
    [property: Id(11)] long MaximumMs,
    [property: Id(12)] string? Node,
    [property: Id(13)] long Retries,
    [property: Id(14)] double BytesPerSecond,
    [property: Id(15)] int ChunksRunning,
    [property: Id(16)] int ChunksWaiting,
    [property: Id(17)] int Workers,
    [property: Id(18)] double[]? WrittenPerSecond);

/// <summary>How a pipeline is doing, as its grain tells it.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Tasks">Every task.</param>
[GenerateSerializer, Immutable, Alias("pipeline.pipeline-report")]
internal sealed record PipelineReport([property: Id(0)] RunState State, [property: Id(1)] TaskReport[] Tasks);

/// <summary>How a silo is doing, as it tells itself.</summary>
/// <param name="StartedAt">When its process was started.</param>
/// <param name="Version">The version of Orleans.Pipeline that it runs.</param>
/// <param name="Partitions">Partitions of which it is the owner, of all topics.</param>
/// <param name="Tasks">Tasks that it runs.</param>
/// <param name="Cpu">Processors in use over the last seconds.</param>
/// <param name="Cores">Processors it may use.</param>
/// <param name="WorkingSetBytes">Memory of the process.</param>
/// <param name="HeapBytes">Memory of its managed heap.</param>
/// <param name="Collections">Collections since the process started: of generation 0 and above, of 1 and above, of 2.</param>
/// <param name="GcPauseShare">The share of the last seconds in which the collector held all threads up.</param>
/// <param name="UptimeSeconds">Seconds since the process started.</param>
/// <param name="OrleansVersion">The version of Orleans that it runs; null from a silo of an older version.</param>
[GenerateSerializer, Immutable, Alias("pipeline.node-report")]
internal sealed record NodeReport(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] string Version,
    [property: Id(2)] int Partitions,
    [property: Id(3)] int Tasks,
    [property: Id(4)] double Cpu,
    [property: Id(5)] int Cores,
    [property: Id(6)] long WorkingSetBytes,
    [property: Id(7)] long HeapBytes,
    [property: Id(8)] int[] Collections,
    [property: Id(9)] double GcPauseShare,
    [property: Id(10)] double UptimeSeconds,
    [property: Id(11)] string? OrleansVersion);

/// <summary>Where a task moves.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="Offset">The first offset to process.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-move")]
internal sealed record TaskMove([property: Id(0)] string Stage, [property: Id(1)] int Partition, [property: Id(2)] long Offset);

/// <summary>How far draining is.</summary>
[GenerateSerializer, Alias("pipeline.drain-state")]
internal enum DrainState
{
    /// <summary>Records are left.</summary>
    Draining,

    /// <summary>All that was there is committed, and the pipeline is paused.</summary>
    Drained,

    /// <summary>The pipeline was paused before, or meanwhile.</summary>
    Paused,
}
