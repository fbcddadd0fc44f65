namespace Orleans.Pipeline;

/// <summary>
/// The effects of one task's records, from <paramref name="FirstOffset"/> up to <paramref name="NextOffset"/>. One transaction makes them
/// durable together with the new offset.
/// </summary>
/// <param name="Task">The task.</param>
/// <param name="Epoch">The epoch under which the committer owns the task.</param>
/// <param name="FirstOffset">The task's next offset before this commit.</param>
/// <param name="NextOffset">The task's next offset after it; above <paramref name="FirstOffset"/>.</param>
/// <param name="Appends">Batches for other topics, in order, without producer ids. The transaction makes them exactly once.</param>
/// <param name="Tables">Rows for sink tables, in order.</param>
/// <param name="DeadLetters">The number of records that became dead letters; <paramref name="Appends"/> holds their batches.</param>
public sealed record Commit(
    TaskId Task,
    long Epoch,
    long FirstOffset,
    long NextOffset,
    IReadOnlyList<TopicAppend> Appends,
    IReadOnlyList<TableWrite> Tables,
    int DeadLetters);
