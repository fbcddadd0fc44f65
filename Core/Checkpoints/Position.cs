namespace Orleans.Pipeline;

/// <summary>How far something outside the log, such as a stream of another system, was copied into it.</summary>
/// <param name="Task">The task that copies it.</param>
/// <param name="Epoch">The epoch of the newest owner; only it may commit.</param>
/// <param name="Next">What comes next, by the other system's own numbers: all before it is committed. 0 at first.</param>
public sealed record Position(TaskId Task, long Epoch, long Next);
