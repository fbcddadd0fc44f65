namespace Orleans.Pipeline;

/// <summary>The progress of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Source">The partition that the task reads.</param>
/// <param name="Epoch">The epoch of the newest owner; only it may commit.</param>
/// <param name="NextOffset">The first offset not yet processed. The effects of every record before it are committed.</param>
/// <param name="DeadLetters">The number of this task's records that became dead letters, since the task was created.</param>
/// <param name="CommittedAt">The time of the last commit; before the first commit, the time of the first takeover.</param>
public sealed record Checkpoint(
    TaskId Task, TopicPartition Source, long Epoch, long NextOffset, long DeadLetters, DateTimeOffset CommittedAt)
{
    /// <summary>When a host last took the task over, or noted that it defines the task's stage.</summary>
    public DateTimeOffset DefinedAt { get; init; }

    /// <summary>The stage that the task belongs to, with the topic that the task reads.</summary>
    public StageSource Stage => new(Task.Pipeline, Task.Stage, Source.Topic);
}
