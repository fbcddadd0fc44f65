using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Embedded;

/// <content>The operations of an engine.</content>
public sealed partial class EmbeddedEngine
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default)
    {
        var statuses = new List<PipelineStatus>();
        foreach (var pipeline in _pipelines.Values)
        {
            statuses.Add(await pipeline.GetStatusAsync(cancellationToken));
        }

        return statuses;
    }

    /// <inheritdoc />
    public ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default) =>
        Find(pipeline).GetStatusAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await Find(pipeline).PauseAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await Find(pipeline).ResumeAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default) =>
        await Find(pipeline).SeekAsync(target, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await Find(pipeline).DrainAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var stages = _catalog.StagesOn(topic);
        var next = _pipelines.Values.SelectMany(pipeline => pipeline.Tasks).ToDictionary(task => task.Id, task => task.Progress.NextOffset);
        return stages.Count == 0
            ? 0
            : await Lag.OfAsync(stages, _store, topic, task => next.GetValueOrDefault(task, long.MaxValue), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default) =>
        _undefined.ListAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage = null, CancellationToken cancellationToken = default) =>
        _undefined.ForgetAsync(pipeline, stage, cancellationToken);

    /// <inheritdoc />
    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken = default) =>
        new(_workers is null ? "Every pipeline is stopped. The engine has not started, or is stopping." : null);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<string>> ListUsersAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        new(_definitions.UsersOf(topic));

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default)
    {
        var partitions = (await _store.ListTopicsAsync(cancellationToken)).Sum(topic => topic.Settings.Partitions);
        var tasks = _pipelines.Values.SelectMany(pipeline => pipeline.Tasks).Count(task => task.IsRunning);
        return [new NodeStatus(
            _settings.Name,
            Address: null,
            NodeState.Active,
            _load.StartedAt,
            ProcessLoad.Version,
            _load.Read(partitions, tasks))];
    }
}
