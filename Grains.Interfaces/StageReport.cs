namespace Orleans.Pipeline.Grains;

/// <summary>A stage that a silo defines, as that silo reports it.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Source">The topic that the stage reads.</param>
/// <param name="Outputs">The topics that the stage writes, its pipeline's dead-letter topic included.</param>
[GenerateSerializer, Immutable, Alias("pipeline.stage-report")]
internal sealed record StageReport(
    [property: Id(0)] string Pipeline,
    [property: Id(1)] string Stage,
    [property: Id(2)] string Source,
    [property: Id(3)] string[] Outputs);
