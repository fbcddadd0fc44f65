namespace Orleans.Pipeline;

/// <summary>A commit came from an owner that has been replaced. Nothing was changed; the owner must stop.</summary>
public sealed class TaskFencedException(TaskId task, string reason) : PipelineException(
    $"The commit of task '{task}' was refused: {reason}. This owner stops; the newest owner goes on from the committed offset.")
{
    /// <summary>The task.</summary>
    public TaskId Task { get; } = task;
}

/// <summary>The task was never taken over.</summary>
public sealed class UnknownTaskException(TaskId task) : PipelineException(
    $"Task '{task}' does not exist: no pipeline with that stage and partition has ever run here.");

/// <summary>A stage was pointed at another topic while its checkpoint is on the old one.</summary>
public sealed class TaskSourceChangedException(TaskId task, string existing, string requested) : PipelineException(
    $"Task '{task}' {(existing.Length == 0 ? "keeps a position in something outside" : $"has its checkpoint on topic '{existing}'")}, but its stage now reads '{requested}'. Offsets of one topic mean nothing in another: give the stage a new name.");
