namespace Orleans.Pipeline;

/// <summary>The operations of an engine, in one process or in a cluster.</summary>
public interface IPipelineEngine
{
    /// <summary>Lists the statuses of all pipelines, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default);

    /// <summary>Gets the status of one pipeline.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pauses a pipeline. It takes in no more records, and those in flight are committed first. The pause survives restarts.
    /// Does nothing if the pipeline is paused.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline still pauses.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>Resumes a pipeline from the committed offsets. Does nothing if the pipeline is running.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves tasks of a pipeline, running or paused, to other offsets. The records between are processed again or skipped. Effects
    /// are exactly once per record and seek, so seeking back adds to counters again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="target">The position, and the tasks to move.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="InvalidSeekException">No such stage or partition, or an offset outside the topic; nothing was moved.</exception>
    ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default);

    /// <summary>Processes all records that the sources hold at the time of the call, stage after stage, then pauses.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline still drains.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="PipelinePausedException">The pipeline is paused; resume it first.</exception>
    ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>Gets the number of records of a topic, over all partitions, that the slowest pipeline on it has not committed.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lag in records; 0 for a topic that no pipeline reads.</returns>
    ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the stages that have checkpoints and that no host defines, by pipeline, stage and topic. A pipeline that is only paused is
    /// not among them. The list is empty while a host does not say what it defines, such as one of an older version during a roll-out.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets go of the checkpoints of a pipeline that no host defines, or of those of its stages that none defines. Retention and the
    /// deletion of their topics wait for them no longer. If the stage comes back, it starts from the beginning.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="stage">Only this stage; null for all that no host defines.</param>
    /// <param name="cancellationToken">Stops waiting; it may still have happened.</param>
    /// <returns>What was let go of.</returns>
    /// <exception cref="UnknownPipelineException">The pipeline or the stage has no checkpoint, and no host defines it.</exception>
    /// <exception cref="PipelineDefinedException">A host defines it, or does not say what it defines; nothing was changed.</exception>
    ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds out why this process does not run its share of the pipelines. Asks no other process: what another one does not answer is no
    /// fault of this one.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The reason, in a sentence; null if this process runs them, or is ready to.</returns>
    ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the pipelines that read or write a topic, dead letters included, as the hosts that answer define them, by name.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicInUseException">None does, but a host does not say what it defines, so that one of its may.</exception>
    ValueTask<IReadOnlyList<string>> ListUsersAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the statuses of all processes that run pipelines, by name. A process that does not answer within seconds is listed as
    /// silent.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default);
}
