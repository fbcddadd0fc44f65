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
    /// Lists the statuses of all processes that run pipelines, by name. A process that does not answer within seconds is listed as
    /// silent.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default);
}
