namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Raised when a batch begins beyond the offset that a task expects next. An earlier batch is missing; nothing was taken.
/// </summary>
internal sealed class OffsetGapException(TaskId task, long expected, long actual) : PipelineException(
    $"Task '{task}' expects offset {expected} next, but got a batch that begins at {actual}. Read again from {expected}.")
{
    public long Expected { get; } = expected;
}
