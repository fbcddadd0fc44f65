namespace Orleans.Pipeline;

/// <summary>A stage of a pipeline with the topic that it reads: what the checkpoints of its tasks belong to.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Topic">The topic that the stage reads.</param>
public readonly record struct StageSource(string Pipeline, string Stage, TopicName Topic)
{
    /// <summary>The stage as <c>traffic/parse on 'access-log'</c>.</summary>
    public override string ToString() => $"{Pipeline}/{Stage} on '{Topic}'";
}
