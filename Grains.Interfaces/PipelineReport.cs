namespace Orleans.Pipeline.Grains;

[GenerateSerializer, Immutable, Alias("pipeline.pipeline-report")]
internal sealed record PipelineReport([property: Id(0)] RunState State, [property: Id(1)] TaskReport[] Tasks);

/// <summary>A task and the offset to which it moves.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Partition">The partition that the task reads.</param>
/// <param name="Offset">The first offset to process.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-move")]
internal sealed record TaskMove([property: Id(0)] string Stage, [property: Id(1)] int Partition, [property: Id(2)] long Offset);

[GenerateSerializer, Alias("pipeline.drain-state")]
internal enum DrainState
{
    /// <summary>Records are left.</summary>
    Draining,

    /// <summary>All records are committed, and the pipeline is paused.</summary>
    Drained,

    /// <summary>The pipeline was paused before or during the drain.</summary>
    Paused,
}
