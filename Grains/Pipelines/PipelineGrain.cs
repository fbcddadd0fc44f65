using Orleans.Concurrency;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Pipelines;

/// <summary>
/// Carries out operators' requests to a pipeline, one at a time. All lasting state is in the store, so the grain may be lost at any
/// moment. The next request then starts again from the store.
/// </summary>
[Reentrant]
internal sealed class PipelineGrain(
    PipelineCatalog catalog, ClusterTopics topics, ITopicStore log, ICheckpointStore checkpoints, TimeProvider timeProvider)
    : Grain, IPipelineGrain
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(10);

    private readonly OneAtATime _requests = new();
    private Task<DrainState>? _draining;
    private CancellationTokenSource _stopDraining = new();

    private string Name => this.GetPrimaryKeyString();

    private PipelineDefinition Pipeline =>
        catalog.Find(Name) ?? throw new UnknownPipelineException(Name, catalog.Pipelines.Select(pipeline => pipeline.Name));

    public async Task<PipelineReport> ReportAsync()
    {
        var paused = await checkpoints.IsPausedAsync(Name);
        var known = new Lazy<Task<IReadOnlyList<Checkpoint>>>(() => checkpoints.ListAsync().AsTask());
        var reports = await Task.WhenAll(Pipeline.Stages.SelectMany(TasksOf).Select(task => ReportOfAsync(task.Id, task.Source, known)));
        var state = paused ? RunState.Paused
            : _draining is { IsCompleted: false } ? RunState.Draining
            : reports.Any(report => report.Status.State == RunState.Retrying) ? RunState.Retrying
            : RunState.Running;
        return new PipelineReport(state, reports);
    }

    public Task PauseAsync() => _requests.RunAsync(async () =>
    {
        await _stopDraining.CancelAsync();
        await PauseTasksAsync();
    });

    public Task ResumeAsync() => _requests.RunAsync(async () =>
    {
        await checkpoints.SetPausedAsync(Name, paused: false);
        await ForEachTaskAsync(grain => grain.ResumeAsync());
    });

    public Task SeekAsync(IReadOnlyList<TaskMove> moves) => _requests.RunAsync(
        () => Task.WhenAll(moves.Select(move => GrainOf(new TaskId(Name, move.Stage, move.Partition)).SeekAsync(move.Offset))));

    public async Task<DrainState> DrainAsync()
    {
        if (_draining is null)
        {
            if (await checkpoints.IsPausedAsync(Name))
            {
                return DrainState.Paused;
            }

            _stopDraining = new CancellationTokenSource();
            _draining ??= DrainStagesAsync(_stopDraining.Token);
        }

        var draining = _draining;
        using var waited = new CancellationTokenSource(MaximumWait, timeProvider);
        await ((Task)draining)
            .WaitAsync(waited.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!draining.IsCompleted)
        {
            return DrainState.Draining;
        }

        _draining = null;
        return await draining;
    }

    private async Task<DrainState> DrainStagesAsync(CancellationToken stopped)
    {
        foreach (var stage in Pipeline.Stages)
        {
            await Task.WhenAll(TasksOf(stage).Select(task => DrainAsync(task.Id, task.Source, stopped)));
        }

        if (stopped.IsCancellationRequested)
        {
            return DrainState.Paused;
        }

        await _requests.RunAsync(PauseTasksAsync, CancellationToken.None);
        return DrainState.Drained;
    }

    private async Task DrainAsync(TaskId task, TopicPartition source, CancellationToken stopped)
    {
        var end = (await log.GetBoundsAsync(source, CancellationToken.None)).End;
        while (!stopped.IsCancellationRequested && !await GrainOf(task).WhenCommittedAsync(end))
        {
        }
    }

    private async Task PauseTasksAsync()
    {
        await checkpoints.SetPausedAsync(Name, paused: true);
        await ForEachTaskAsync(grain => grain.PauseAsync());
    }

    /// <summary>Reports a task. If its silo does not answer, the report comes from the store, as of a task being taken over.</summary>
    /// <param name="task">The task.</param>
    /// <param name="source">The partition that it reads.</param>
    /// <param name="known">The checkpoints of the store, which all tasks that do not answer share.</param>
    private async Task<TaskReport> ReportOfAsync(TaskId task, TopicPartition source, Lazy<Task<IReadOnlyList<Checkpoint>>> known)
    {
        try
        {
            return await GrainOf(task).ReportAsync();
        }
        catch (Exception error)
        {
            var checkpoint = (await known.Value).FirstOrDefault(
                checkpoint => checkpoint.Task == task && checkpoint.Source == source);
            var bounds = await log.GetBoundsAsync(source);
            var next = Math.Max(checkpoint?.NextOffset ?? 0, bounds.Start);
            return new TaskReport
            {
                Stage = task.Stage,
                Status = new StageTaskStatus
                {
                    Partition = task.Partition,
                    State = RunState.Retrying,
                    Epoch = checkpoint?.Epoch ?? 0,
                    NextOffset = next,
                    EndOffset = bounds.End,
                    Lag = Math.Max(bounds.End - next, 0),
                    RecordsPerSecond = 0,
                    Processed = 0,
                    DeadLetters = checkpoint?.DeadLetters ?? 0,
                    Error = error.Message,
                    Node = null,
                    Retries = 0,
                    BytesPerSecond = 0,
                },
                Latency = [],
                MaximumMs = 0,
                ChunksRunning = 0,
                ChunksWaiting = 0,
                Workers = 0,
                WrittenPerSecond = [],
            };
        }
    }

    private IEnumerable<(TaskId Id, TopicPartition Source)> TasksOf(StageDefinition stage) =>
        Enumerable.Range(0, topics.PartitionsOf(stage.Source))
        .Select(partition => (new TaskId(Name, stage.Name, partition), new TopicPartition(stage.Source, partition)));

    private Task ForEachTaskAsync(Func<IPartitionGrain, Task> request) =>
        Task.WhenAll(Pipeline.Stages.SelectMany(TasksOf).Select(task => request(GrainOf(task.Id))));

    private IPartitionGrain GrainOf(TaskId task) => GrainFactory.GetGrain<IPartitionGrain>(task.ToString());
}
