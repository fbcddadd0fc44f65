namespace Orleans.Pipeline;

/// <summary>
/// Stores the checkpoint of each task, together with the effects of the records before it. Older owners of a task are fenced by its
/// epoch. Every method is safe to call from many threads at once and may throw <see cref="StoreUnavailableException"/> (try again later).
/// </summary>
public interface ICheckpointStore : ICommitter
{
    /// <summary>Creates a sink table, or checks that the existing one fits.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TableMismatchException">A table of that name has other columns; nothing was changed.</exception>
    ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes over a task: raises its epoch by one, so that no older owner can commit any more, and returns its checkpoint.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="source">The partition that the task reads.</param>
    /// <param name="startOffset">The offset at which a task that never ran starts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The checkpoint under the new epoch.</returns>
    /// <exception cref="UnknownTopicException">The source topic does not exist.</exception>
    /// <exception cref="TaskSourceChangedException">The task's checkpoint is on another topic.</exception>
    ValueTask<Checkpoint> TakeOverAsync(
        TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes over a task that copies data from outside into topics and reads no topic: raises its epoch by one and returns its position.
    /// The task commits like any other. Its offsets are those of another system, so <see cref="ListAsync"/> omits it, it cannot be moved,
    /// and it holds back no retention.
    /// </summary>
    /// <param name="task">The task; not one that reads a topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The position under the new epoch.</returns>
    ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken = default);

    /// <summary>Moves a task to another offset under a new epoch, so that its present owner cannot commit any more.</summary>
    /// <param name="task">The task.</param>
    /// <param name="offset">The offset to process next.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The checkpoint under the new epoch.</returns>
    /// <exception cref="UnknownTaskException">The task was never taken over.</exception>
    ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken = default);

    /// <summary>Lists the checkpoints of every task, by pipeline, stage and partition.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Notes that a host defines stages now: sets <see cref="Checkpoint.DefinedAt"/> of their tasks. A stage that reads another topic than
    /// its checkpoints is another stage.
    /// </summary>
    /// <param name="stages">The stages that the host defines. Those without checkpoints are passed over.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask NoteDefinedAsync(IReadOnlyCollection<StageSource> stages, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets go of the checkpoints of a stage, unless one of them was committed or defined meanwhile: all of them, or none. Retention and
    /// the deletion of the topic wait for them no longer. A later <see cref="TakeOverAsync"/> starts from the beginning, on any topic, under
    /// an epoch that no owner had before.
    /// </summary>
    /// <param name="stage">The stage.</param>
    /// <param name="unlessSince">Nothing changes if one of its tasks was committed or defined at this time or later.</param>
    /// <param name="cancellationToken">Stops waiting; it may still have happened.</param>
    /// <returns>How many tasks were let go of.</returns>
    ValueTask<int> ForgetAsync(StageSource stage, DateTimeOffset unlessSince, CancellationToken cancellationToken = default);

    /// <summary>Stores whether a pipeline is paused. The value survives restarts.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="paused">Whether it is paused.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken = default);

    /// <summary>Returns whether a pipeline is paused.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken = default);
}
