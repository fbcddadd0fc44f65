namespace Orleans.Pipeline.Grains;

/// <summary>The status of a pipeline, as its grain reports it.</summary>
/// <param name="State">The pipeline's state.</param>
/// <param name="Tasks">The reports of all tasks.</param>
[GenerateSerializer, Immutable, Alias("pipeline.pipeline-report")]
internal sealed record PipelineReport([property: Id(0)] RunState State, [property: Id(1)] TaskReport[] Tasks);

/// <summary>A task and the offset to which it moves.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Partition">The partition that the task reads.</param>
/// <param name="Offset">The first offset to process.</param>
[GenerateSerializer, Immutable, Alias("pipeline.task-move")]
internal sealed record TaskMove([property: Id(0)] string Stage, [property: Id(1)] int Partition, [property: Id(2)] long Offset);

/// <summary>The progress of a drain.</summary>
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
