namespace Orleans.Pipeline;

/// <summary>Raised when a commit comes from a replaced owner. Nothing was changed, and the owner must stop.</summary>
public sealed class TaskFencedException(TaskId task, string reason) : PipelineException(
    $"The commit of task '{task}' was refused: {reason}. This owner stops; the newest owner continues from the committed offset.")
{
    /// <summary>The task.</summary>
    public TaskId Task { get; } = task;
}

/// <summary>Raised when a task was never taken over.</summary>
public sealed class UnknownTaskException(TaskId task) : PipelineException(
    $"Task '{task}' does not exist: no pipeline with that stage and partition has ever run here.");

/// <summary>Raised when a stage reads another topic than the one that its checkpoint belongs to.</summary>
public sealed class TaskSourceChangedException(TaskId task, string existing, string requested) : PipelineException(
    $"Task '{task}' {(existing.Length == 0 ? "keeps a position in something outside" : $"has its checkpoint on topic '{existing}'")}, but its stage now reads '{requested}'. "
    + "An offset of one topic has no meaning in another. Give the stage a new name, or let go of the old checkpoint: "
    + $"pipeline forget {task.Pipeline} --stage {task.Stage}");
