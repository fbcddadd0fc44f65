namespace Orleans.Pipeline.Tasks;

/// <summary>A batch begins beyond the offset that a task expects next: one before it is missing. Nothing of it was taken.</summary>
internal sealed class OffsetGapException(TaskId task, long expected, long actual) : PipelineException(
    $"Task '{task}' expects offset {expected} next, but was handed a batch that begins at {actual}. Read again from {expected}.")
{
    /// <summary>The offset to read from.</summary>
    public long Expected { get; } = expected;
}
