namespace Orleans.Pipeline;

/// <summary>The progress of copying data from outside, such as a stream of another system, into the log.</summary>
/// <param name="Task">The task that copies the data.</param>
/// <param name="Epoch">The epoch of the newest owner; only it may commit.</param>
/// <param name="Next">The next position, in the other system's own numbers. Everything before it is committed. 0 at first.</param>
public sealed record Position(TaskId Task, long Epoch, long Next);
