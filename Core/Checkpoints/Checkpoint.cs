namespace Orleans.Pipeline;

/// <summary>How far a task has come.</summary>
/// <param name="Task">The task.</param>
/// <param name="Source">The partition it reads.</param>
/// <param name="Epoch">The epoch of the newest owner; only it may commit.</param>
/// <param name="NextOffset">The first offset not yet processed: the effects of every record before it are committed.</param>
/// <param name="DeadLetters">How many records of this task became dead letters since it was created.</param>
/// <param name="CommittedAt">When the last commit was made, or the task was taken over first.</param>
public sealed record Checkpoint(
    TaskId Task, TopicPartition Source, long Epoch, long NextOffset, long DeadLetters, DateTimeOffset CommittedAt);
