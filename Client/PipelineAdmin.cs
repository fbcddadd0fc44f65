using System.Net;
using Orleans.Pipeline.Client.Http;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>
/// Operates topics, pipelines, dead letters and the gateway itself. Get it from <see cref="PipelineClient.Admin"/>. Safe for concurrent
/// use.
/// </summary>
/// <remarks>
/// In addition to the exceptions they list, all methods may throw <see cref="StoreUnavailableException"/> (no gateway answers, or its store
/// is unavailable: retry later), <see cref="BackpressureException"/> (the gateway is overloaded: retry after
/// <see cref="BackpressureException.RetryAfter"/>), <see cref="AccessDeniedException"/> and <see cref="PipelineRequestException"/>.
/// The methods do not retry; every method is safe to call again.
/// </remarks>
public sealed class PipelineAdmin
{
    private readonly HttpWire _wire;
    private readonly HttpTopicLog _topics;
    private readonly HttpPipelines _pipelines;
    private readonly HttpDeadLetters _deadLetters;

    internal PipelineAdmin(HttpWire wire, HttpTopicLog topics, HttpPipelines pipelines)
    {
        (_wire, _topics, _pipelines) = (wire, topics, pipelines);
        _deadLetters = new(wire);
    }

    /// <summary>Creates a topic. Does nothing if the topic exists with the same number of partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The topic's settings; null for the defaults of <c>new TopicSettings()</c>.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be created.</param>
    /// <returns>The topic. An existing topic keeps its settings.</returns>
    /// <exception cref="InvalidTopicSettingsException">A setting is out of range.</exception>
    /// <exception cref="TopicExistsException">The topic exists with another number of partitions.</exception>
    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings? settings = null, CancellationToken cancellationToken = default) =>
        _topics.CreateTopicAsync(topic, settings ?? new TopicSettings(), cancellationToken);

    /// <summary>Gets a topic's settings, the bounds of its partitions, and its lag.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    public async ValueTask<TopicDetails> DescribeTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        TopicDetails.Of(await _topics.GetTopicAsync(topic, cancellationToken).ConfigureAwait(false));

    /// <summary>Lists the topics that the caller may see, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        _topics.ListTopicsAsync(cancellationToken);

    /// <summary>Changes a topic's retention or lag limit.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">The changes; settings that are not set keep their values. The number of partitions is fixed.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be changed.</param>
    /// <returns>The topic after the change.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="InvalidTopicSettingsException">A value is out of range; nothing was changed.</exception>
    public ValueTask<TopicDescription> UpdateTopicAsync(
        TopicName topic, TopicChange change, CancellationToken cancellationToken = default) =>
        _topics.UpdateTopicAsync(topic, change, cancellationToken);

    /// <summary>Deletes a topic and its records.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be deleted.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="TopicInUseException">A pipeline reads or writes the topic, or has checkpoints on it.</exception>
    public ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _topics.DeleteTopicAsync(topic, cancellationToken);

    /// <summary>Lists the statuses of all pipelines that the caller may see, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<PipelineStatus>> ListPipelinesAsync(CancellationToken cancellationToken = default) =>
        _pipelines.ListStatusesAsync(cancellationToken);

    /// <summary>Gets the status of a pipeline.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> DescribePipelineAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.GetStatusAsync(pipeline, cancellationToken);

    /// <summary>
    /// Pauses a pipeline. Records in flight are committed first. The pipeline stays paused after restarts. Does nothing if it is paused.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline still pauses.</param>
    /// <returns>The status after the call.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.PauseAsync(pipeline, cancellationToken);

    /// <summary>Resumes a pipeline from its committed offsets. Does nothing if it is running.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline may still resume.</param>
    /// <returns>The status after the call.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.ResumeAsync(pipeline, cancellationToken);

    /// <summary>
    /// Moves tasks of a running or paused pipeline to other offsets. Records in between are processed again or skipped. Effects are
    /// exactly once per record and seek, so seeking back adds to counters again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="target">The tasks to move, and where to.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline may still be moved.</param>
    /// <returns>The status after the call.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="InvalidSeekException">No such stage or partition, or an offset outside the topic; nothing was moved.</exception>
    public ValueTask<PipelineStatus> SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default) =>
        _pipelines.SeekAsync(pipeline, target, cancellationToken);

    /// <summary>
    /// Processes everything that a pipeline's sources hold at the time of the call, stage after stage, then pauses the pipeline.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline continues to drain.</param>
    /// <returns>The status after draining. The call waits for the end of draining without a time limit.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="PipelinePausedException">The pipeline is paused; resume it first.</exception>
    public ValueTask<PipelineStatus> DrainAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.DrainAsync(pipeline, cancellationToken);

    /// <summary>
    /// Lists the stages that have checkpoints and that no host defines any more: of pipelines that were taken out or renamed, or that read
    /// another topic now. Retention waits for them. The list is empty while a host does not say what it defines.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default) =>
        _pipelines.ListUndefinedAsync(cancellationToken);

    /// <summary>
    /// Lets go of the checkpoints of a pipeline that no host defines any more, or of its stages that none defines. Retention and the
    /// deletion of their topics wait for them no longer. A stage that comes back starts from the beginning.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="stage">Only this stage; null for all that no host defines.</param>
    /// <param name="cancellationToken">Stops waiting; it may still have happened.</param>
    /// <returns>What was let go of.</returns>
    /// <exception cref="UnknownPipelineException">The pipeline or stage has no checkpoint, and no host defines it.</exception>
    /// <exception cref="PipelineDefinedException">A host defines it, or does not say what it defines; nothing was changed.</exception>
    public ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage = null, CancellationToken cancellationToken = default) =>
        _pipelines.ForgetAsync(pipeline, stage, cancellationToken);

    /// <summary>Lists the dead letters of a pipeline that are not yet replayed or discarded, by partition and offset.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">The dead letters to list; null for all.</param>
    /// <param name="after">
    /// The place to continue after: <see cref="DeadLetterPage.Next"/> of the previous page; null for the first page.
    /// </param>
    /// <param name="limit">The maximum number of dead letters, 1 to 1,000. A page also ends after 8 MiB. Default 100.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// A page. It holds headers as text, and of several headers with the same name only the last. Read the topic for the original headers.
    /// </returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        string pipeline,
        DeadLetterFilter? filter = null,
        DeadLetterPosition? after = null,
        int limit = 100,
        CancellationToken cancellationToken = default) =>
        _deadLetters.ListAsync(pipeline, filter ?? DeadLetterFilter.All, after, limit, cancellationToken);

    /// <summary>Counts the dead letters of a pipeline by error type and step, the most frequent first.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<IReadOnlyList<DeadLetterError>> ListDeadLetterErrorsAsync(
        string pipeline, CancellationToken cancellationToken = default) =>
        _deadLetters.GroupErrorsAsync(pipeline, cancellationToken);

    /// <summary>Finds a dead letter.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="position">The dead letter's place in the topic <c>&lt;pipeline&gt;.dead-letters</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The dead letter; null if there is none at that place, or no longer one.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public ValueTask<DeadLetter?> FindDeadLetterAsync(
        string pipeline, DeadLetterPosition position, CancellationToken cancellationToken = default) =>
        _deadLetters.FindAsync(pipeline, position, cancellationToken);

    /// <summary>
    /// Replays the dead letters that exist at the time of the call. Their records are appended to their source again, and only the stage
    /// that gave them up processes them.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">The dead letters to replay; <see cref="DeadLetterFilter.All"/> for all.</param>
    /// <param name="cancellationToken">Stops between two transactions; dead letters replayed before stay replayed.</param>
    /// <returns>
    /// The number of dead letters that this call replayed, without those that another call settled meanwhile. If the call fails half-way or
    /// its answer is lost, call it again: nothing is replayed twice.
    /// </returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one dead letter, and there is none at that place.</exception>
    /// <exception cref="RecordsSettledException">The filter names one dead letter, which is settled already.</exception>
    /// <exception cref="DeadLetterReplayException">
    /// A dead letter cannot be replayed, because its stage or topic no longer exists.
    /// </exception>
    public ValueTask<long> ReplayDeadLettersAsync(
        string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        _deadLetters.ReplayAsync(pipeline, filter, cancellationToken);

    /// <summary>Discards the dead letters that exist at the time of the call.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">The dead letters to discard; <see cref="DeadLetterFilter.All"/> for all.</param>
    /// <param name="cancellationToken">Stops between two transactions; dead letters discarded before stay discarded.</param>
    /// <returns>The number of dead letters that this call discarded.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one dead letter, and there is none at that place.</exception>
    /// <exception cref="RecordsSettledException">The filter names one dead letter, which is settled already.</exception>
    public ValueTask<long> DiscardDeadLettersAsync(
        string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        _deadLetters.DiscardAsync(pipeline, filter, cancellationToken);

    /// <summary>Gets the gateway's version and limits, and the caller's permissions.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ServerInfo> DescribeServerAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/server");
        return ServerInfo.Of(await _wire.SendAsync(request, WireJson.Default.ServerBody, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Gets the lag of a topic: the records that its slowest pipeline has not yet committed, over all partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    public ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _pipelines.GetLagAsync(topic, cancellationToken);

    /// <summary>Lists the processes that run pipelines, with their load.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default) =>
        _pipelines.ListNodesAsync(cancellationToken);

    /// <summary>Gets whether the gateway is ready for requests. Needs no credentials.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">No gateway answers.</exception>
    public async ValueTask<Readiness> CheckReadinessAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "health/ready") { AlsoAnswers = HttpStatusCode.ServiceUnavailable };
        return Readiness.Of(await _wire.SendAsync(request, WireJson.Default.ReadyBody, cancellationToken).ConfigureAwait(false));
    }
}
