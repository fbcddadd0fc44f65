namespace Orleans.Pipeline;

/// <summary>What operators ask of an engine, whichever it is: one process or a cluster.</summary>
public interface IPipelineEngine
{
    /// <summary>Tells how every pipeline is doing, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells how one pipeline is doing.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops taking in records; what is in flight is committed first. Stays paused over restarts. Does nothing if it is paused.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline still pauses.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>Goes on from the committed offsets. Does nothing if it is running.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves tasks of a pipeline to other offsets, running or paused. What lies between is processed again, or skipped: effects
    /// are exactly once per record and seek, so seeking back adds to counters again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="target">Where to, and which tasks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="InvalidSeekException">No such stage or partition, or an offset outside the topic; nothing was moved.</exception>
    ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default);

    /// <summary>Processes all that the sources hold at the time of the call, stage after stage, then pauses.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline goes on draining.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="PipelinePausedException">It is paused; resume it first.</exception>
    ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>Tells how many records of a topic the slowest pipeline on it has yet to commit, over all partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lag in records; 0 for a topic that no pipeline reads.</returns>
    ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tells how every process that runs pipelines is doing, by name. One that does not answer within seconds is told of as silent.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default);
}
