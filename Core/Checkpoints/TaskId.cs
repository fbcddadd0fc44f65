namespace Orleans.Pipeline;

/// <summary>A task: one stage of a pipeline on one partition of the stage's source topic.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Partition">The partition of the stage's source topic.</param>
public readonly record struct TaskId(string Pipeline, string Stage, int Partition)
{
    /// <summary>Returns the task as <c>traffic/parse/3</c>.</summary>
    public override string ToString() => $"{Pipeline}/{Stage}/{Partition}";
}
