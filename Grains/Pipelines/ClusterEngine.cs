using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Nodes;
using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Pipelines;

/// <summary>
/// The cluster's engine on each silo. The engine validates requests against the definitions, which are the same everywhere. Then the
/// pipeline's grain carries them out.
/// </summary>
internal sealed class ClusterEngine(
    PipelineCatalog catalog, ClusterTopics topics, ITopicStore log, ICheckpointStore checkpoints, ClusterNodes nodes,
    ClusterDefinitions definitions, ClusterAssignment assignment, UndefinedStages undefined, IGrainFactory grains) : IPipelineEngine
{
    public async ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default) =>
        await Task.WhenAll(catalog.Pipelines.Select(pipeline => GetStatusAsync(pipeline, cancellationToken)));

    public async ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await GetStatusAsync(Find(pipeline), cancellationToken);

    public async ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await AskAsync(Find(pipeline), "pause", static grain => grain.PauseAsync(), cancellationToken);

    public async ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        await AskAsync(Find(pipeline), "resume", static grain => grain.ResumeAsync(), cancellationToken);

    public async ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default)
    {
        var definition = Find(pipeline);
        var moves = await new SeekPlan(definition, topics.PartitionsOf, log).MakeAsync(target, cancellationToken);
        var tasks = moves.Select(move => new TaskMove(move.Task.Stage, move.Task.Partition, move.Offset)).ToArray();
        await AskAsync(definition, "seek", grain => grain.SeekAsync(tasks), cancellationToken);
    }

    public async ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default)
    {
        var definition = Find(pipeline);
        var state = DrainState.Draining;
        while (state == DrainState.Draining)
        {
            await AskAsync(definition, "drain", async grain => state = await grain.DrainAsync(), cancellationToken);
        }

        if (state == DrainState.Paused)
        {
            throw new PipelinePausedException(pipeline);
        }
    }

    /// <summary>Gets the lag from the store, whatever the state of the silos.</summary>
    public async ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        var stages = catalog.StagesOn(topic);
        if (stages.Count == 0)
        {
            return 0;
        }

        var next = (await checkpoints.ListAsync(cancellationToken)).Where(checkpoint => checkpoint.Source.Topic == topic).ToDictionary(
            checkpoint => checkpoint.Task, checkpoint => checkpoint.NextOffset);
        return await Lag.OfAsync(stages, log, topic, task => next.GetValueOrDefault(task), cancellationToken);
    }

    public ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default) =>
        undefined.ListAsync(cancellationToken);

    public ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage = null, CancellationToken cancellationToken = default) =>
        undefined.ForgetAsync(pipeline, stage, cancellationToken);

    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken = default) => new(
        assignment.IsActive ? null : "This silo is not an active member of its cluster, so it runs no tasks.");

    public async ValueTask<IReadOnlyList<string>> ListUsersAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        (await definitions.ReadAsync(isNow: true, cancellationToken)).UsersOf(topic);

    public async ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default) =>
        await nodes.ReadAsync(cancellationToken);

    /// <summary>
    /// Calls a pipeline's grain. Orleans does not withdraw a call that timed out. The grain carries out requests in the order of arrival,
    /// so a late request takes effect before the request that was sent after it.
    /// </summary>
    private async Task AskAsync(
        PipelineDefinition pipeline, string request, Func<IPipelineGrain, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(GrainOf(pipeline)).WaitAsync(cancellationToken);
        }
        catch (Exception unanswered) when (unanswered is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException)
        {
            throw new PipelineUnansweredException(pipeline.Name, request, unanswered);
        }
    }

    private async Task<PipelineStatus> GetStatusAsync(PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        var report = await GrainOf(pipeline).ReportAsync().WaitAsync(cancellationToken);
        var latency = new LatencyHistogram();
        foreach (var task in report.Tasks)
        {
            latency.Add(task.Latency, task.MaximumMs);
        }

        return Statuses.Of(pipeline, report.State, [.. pipeline.Stages.Select(stage => StatusOf(stage, report.Tasks))], latency);
    }

    private static StageStatus StatusOf(StageDefinition stage, IEnumerable<TaskReport> reports)
    {
        var tasks = reports.Where(task => task.Stage == stage.Name).OrderBy(task => task.Status.Partition).ToList();
        var workers = new WorkersStatus(
            tasks.Sum(task => task.ChunksRunning),
            tasks.Sum(task => task.ChunksWaiting),
            tasks.DistinctBy(task => task.Status.Node).Sum(task => task.Workers));
        return Statuses.Of(stage, tasks.ConvertAll(task => task.Status), workers, tasks.ConvertAll(task => task.WrittenPerSecond ?? []));
    }

    private PipelineDefinition Find(string pipeline) =>
        catalog.Find(pipeline) ?? throw new UnknownPipelineException(pipeline, catalog.Pipelines.Select(known => known.Name));

    private IPipelineGrain GrainOf(PipelineDefinition pipeline) => grains.GetGrain<IPipelineGrain>(pipeline.Name);
}
