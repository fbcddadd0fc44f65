namespace Orleans.Pipeline.Checkpoints;

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
    $"Task '{task}' has its checkpoint on topic '{existing}', but its stage now reads '{requested}'. Offsets of one topic mean nothing in another: give the stage a new name.");

/// <summary>A sink table exists with other columns.</summary>
public sealed class TableMismatchException(string table, string fault) : PipelineException(
    $"Table '{table}' does not fit its definition: {fault}. Use another table name, or migrate the table first.");

/// <summary>A sink table's definition breaks a rule of the store.</summary>
public sealed class InvalidTableException(string table, string fault) : PipelineException(
    $"Table '{table}' cannot be made: {fault}. Change its definition.");

/// <summary>A row does not fit its sink table: a null key, a value of another type, one that a constraint on the table refuses. Nothing of the commit was made.</summary>
public sealed class TableRowException(string table, string fault) : PipelineException(
    $"A row for table '{table}' was refused, and with it the commit: {fault}. Correct the step that makes it.");
