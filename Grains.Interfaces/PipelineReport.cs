namespace Orleans.Pipeline.Grains;

/// <summary>How a pipeline is doing, as its grain tells it.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Tasks">Every task.</param>
[GenerateSerializer, Immutable, Alias("pipeline.pipeline-report")]
internal sealed record PipelineReport([property: Id(0)] RunState State, [property: Id(1)] TaskReport[] Tasks);

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
