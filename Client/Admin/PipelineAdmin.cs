using System.Net;
using Orleans.Pipeline.Client.Http;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>
/// What an operator does through a gateway: topics, pipelines, dead letters, and the gateway itself. It is <see cref="PipelineClient.Admin"/>.
/// Safe to use from many threads at once.
/// </summary>
/// <remarks>
/// Beside the exceptions they name, all methods may throw <see cref="StoreUnavailableException"/> (no gateway answers, or its store is
/// away: try again later), <see cref="BackpressureException"/> (the gateway has too much to do: try again after
/// <see cref="BackpressureException.RetryAfter"/>), <see cref="AccessDeniedException"/> and <see cref="PipelineRequestException"/>.
/// Nothing is tried again by itself: every method can be called again safely.
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

    /// <summary>Creates a topic; does nothing if it exists with as many partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">Its settings; null for those of <c>new TopicSettings()</c>.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be created.</param>
    /// <returns>The topic as it stands: an existing topic keeps the settings it has.</returns>
    /// <exception cref="InvalidTopicSettingsException">A setting is out of range.</exception>
    /// <exception cref="TopicExistsException">It exists with another number of partitions.</exception>
    public ValueTask<TopicDescription> CreateTopicAsync(TopicName topic, TopicSettings? settings = null, CancellationToken cancellationToken = default) =>
        _topics.CreateTopicAsync(topic, settings ?? new TopicSettings(), cancellationToken);

    /// <summary>Tells a topic's settings, what each partition holds, and its lag.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    public async ValueTask<TopicDetails> DescribeTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        TopicDetails.Of(await _topics.GetTopicAsync(topic, cancellationToken).ConfigureAwait(false));

    /// <summary>Lists the topics that the caller may see, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        _topics.ListTopicsAsync(cancellationToken);

    /// <summary>Changes how long a topic keeps records, and how far its pipelines may lag.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="change">What to change; what is not set stays as it is. The number of partitions is fixed.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be changed.</param>
    /// <returns>The topic as it stands then.</returns>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="InvalidTopicSettingsException">A value is out of range; nothing was changed.</exception>
    public ValueTask<TopicDescription> UpdateTopicAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken = default) =>
        _topics.UpdateTopicAsync(topic, change, cancellationToken);

    /// <summary>Deletes a topic and its records.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting; the topic may still be deleted.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    /// <exception cref="TopicInUseException">A pipeline has a checkpoint on it.</exception>
    public ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _topics.DeleteTopicAsync(topic, cancellationToken);

    /// <summary>Tells how every pipeline that the caller may see is doing, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<PipelineStatus>> ListPipelinesAsync(CancellationToken cancellationToken = default) =>
        _pipelines.ListStatusesAsync(cancellationToken);

    /// <summary>Tells how a pipeline is doing.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> DescribePipelineAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.GetStatusAsync(pipeline, cancellationToken);

    /// <summary>
    /// Stops a pipeline from taking in records; what is in flight is committed first. It stays paused over restarts. Does nothing if
    /// it is paused.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline still pauses.</param>
    /// <returns>How it is doing then.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.PauseAsync(pipeline, cancellationToken);

    /// <summary>Lets a pipeline go on from the committed offsets. Does nothing if it is running.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline may still resume.</param>
    /// <returns>How it is doing then.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.ResumeAsync(pipeline, cancellationToken);

    /// <summary>
    /// Moves tasks of a pipeline to other offsets, running or paused. What lies between is processed again, or skipped: effects are
    /// exactly once per record and seek, so seeking back adds to counters again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="target">Where to, and which tasks.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline may still be moved.</param>
    /// <returns>How it is doing then.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="InvalidSeekException">No such stage or partition, or an offset outside the topic; nothing was moved.</exception>
    public ValueTask<PipelineStatus> SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default) =>
        _pipelines.SeekAsync(pipeline, target, cancellationToken);

    /// <summary>Processes all that a pipeline's sources hold at the time of the call, stage after stage, then pauses it.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting; the pipeline goes on draining.</param>
    /// <returns>How it is doing then; the answer comes when it is drained, however long that takes.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="PipelinePausedException">It is paused; resume it first.</exception>
    public ValueTask<PipelineStatus> DrainAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.DrainAsync(pipeline, cancellationToken);

    /// <summary>Lists the dead letters of a pipeline that nobody has replayed or discarded yet, by partition and offset.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="after">Go on after this place, the <see cref="DeadLetterPage.Next"/> of the page before; null to begin.</param>
    /// <param name="limit">How many at the most, 1 to 1,000; a page also ends after 8 MiB. Default 100.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A page. The headers of its records are text, and of a repeated name the last: read the topic to have them as they are.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        string pipeline, DeadLetterFilter? filter = null, DeadLetterPosition? after = null, int limit = 100, CancellationToken cancellationToken = default) =>
        _deadLetters.ListAsync(pipeline, filter ?? DeadLetterFilter.All, after, limit, cancellationToken);

    /// <summary>Counts the dead letters of a pipeline by error type and step, the most frequent first.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<IReadOnlyList<DeadLetterError>> ListDeadLetterErrorsAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _deadLetters.GroupErrorsAsync(pipeline, cancellationToken);

    /// <summary>Finds a dead letter.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="position">Its place in the topic <c>&lt;pipeline&gt;.dead-letters</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The dead letter; null if there is none at that place, or none any more.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    public ValueTask<DeadLetter?> FindDeadLetterAsync(string pipeline, DeadLetterPosition position, CancellationToken cancellationToken = default) =>
        _deadLetters.FindAsync(pipeline, position, cancellationToken);

    /// <summary>
    /// Replays dead letters that are there when it is called: their records go back to where they were read from, and only the stage that
    /// gave them up processes them again.
    /// </summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Which ones; <see cref="DeadLetterFilter.All"/> for all.</param>
    /// <param name="cancellationToken">Stops between two transactions; what was replayed stays so.</param>
    /// <returns>
    /// How many were replayed by this call; those that somebody else settles meanwhile are not among them. If it fails half-way, or the
    /// answer is lost, call it again: what was replayed is not replayed again.
    /// </returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one dead letter, and there is none at that place.</exception>
    /// <exception cref="RecordsSettledException">The filter names one dead letter, which is settled already.</exception>
    /// <exception cref="DeadLetterReplayException">One of them would reach nobody, because its stage or topic is gone.</exception>
    public ValueTask<long> ReplayDeadLettersAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        _deadLetters.ReplayAsync(pipeline, filter, cancellationToken);

    /// <summary>Takes dead letters that are there when it is called off the list for good.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="filter">Which ones; <see cref="DeadLetterFilter.All"/> for all.</param>
    /// <param name="cancellationToken">Stops between two transactions; what was discarded stays so.</param>
    /// <returns>How many were discarded by this call.</returns>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    /// <exception cref="UnknownPartitionException">The dead-letter topic has no such partition.</exception>
    /// <exception cref="UnknownDeadLetterException">The filter names one dead letter, and there is none at that place.</exception>
    /// <exception cref="RecordsSettledException">The filter names one dead letter, which is settled already.</exception>
    public ValueTask<long> DiscardDeadLettersAsync(string pipeline, DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        _deadLetters.DiscardAsync(pipeline, filter, cancellationToken);

    /// <summary>Tells what the gateway is, what it takes at once, and what the caller may do.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ServerInfo> DescribeServerAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/server");
        return ServerInfo.Of(await _wire.SendAsync(request, WireJson.Default.ServerBody, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Gets how many records of a topic its pipelines have still to process, over all partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownTopicException">No such topic.</exception>
    public ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _pipelines.GetLagAsync(topic, cancellationToken);

    /// <summary>Lists the processes that run pipelines, with their load.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default) =>
        _pipelines.ListNodesAsync(cancellationToken);

    /// <summary>Tells whether the gateway is ready for requests; needs no credentials.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">No gateway answers at all.</exception>
    public async ValueTask<Readiness> CheckReadinessAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "health/ready") { AlsoAnswers = HttpStatusCode.ServiceUnavailable };
        return Readiness.Of(await _wire.SendAsync(request, WireJson.Default.ReadyBody, cancellationToken).ConfigureAwait(false));
    }
}
