using System.Net;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Client;

/// <summary>
/// What an operator does through a gateway: topics, pipelines, and the gateway itself. It is <see cref="PipelineClient.Admin"/>.
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
    private readonly HttpPipelineEngine _pipelines;

    internal PipelineAdmin(HttpWire wire, HttpTopicLog topics, HttpPipelineEngine pipelines) =>
        (_wire, _topics, _pipelines) = (wire, topics, pipelines);

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
    public ValueTask<TopicDetails> DescribeTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        _topics.DescribeTopicAsync(topic, cancellationToken);

    /// <summary>Lists the topics that the caller may see, by name.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        _topics.ListTopicsAsync(cancellationToken);

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
        _pipelines.StatusAsync(cancellationToken);

    /// <summary>Tells how a pipeline is doing.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnknownPipelineException">No such pipeline.</exception>
    public ValueTask<PipelineStatus> DescribePipelineAsync(string pipeline, CancellationToken cancellationToken = default) =>
        _pipelines.StatusAsync(pipeline, cancellationToken);

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

    /// <summary>Tells what the gateway is, what it takes at once, and what the caller may do.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<ServerInfo> DescribeServerAsync(CancellationToken cancellationToken = default) =>
        _wire.SendAsync(new WireRequest(HttpMethod.Get, "v1/server"), WireJson.Default.ServerInfo, cancellationToken);

    /// <summary>Tells whether the gateway is ready for requests; needs no credentials.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">No gateway answers at all.</exception>
    public ValueTask<Readiness> ReadyAsync(CancellationToken cancellationToken = default) =>
        _wire.SendAsync(new WireRequest(HttpMethod.Get, "health/ready") { AlsoAnswers = HttpStatusCode.ServiceUnavailable }, WireJson.Default.Readiness, cancellationToken);
}
