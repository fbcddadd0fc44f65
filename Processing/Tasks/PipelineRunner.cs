using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Runs one pipeline's tasks in a process without grains, and carries out operators' requests (pause, resume, seek, drain), one at a time.
/// </summary>
internal sealed class PipelineRunner(
    PipelineDefinition pipeline, IReadOnlyList<TaskRunner> tasks, ITopicLog log, ICheckpointStore checkpoints, int workers)
{
    private readonly OneAtATime _requests = new();
    private CancellationTokenSource _running = new();
    private RunState _state = RunState.Stopped;
    private Task _draining = Task.CompletedTask;

    public string Name => pipeline.Name;

    public IEnumerable<StageDefinition> Stages => pipeline.Stages;

    public IReadOnlyList<TaskRunner> Tasks => tasks;

    public IEnumerable<LocalTask> LocalTasks =>
        tasks.Select(task => new LocalTask(task.Id, task.StateIn(_state), task.Progress, task.Processor));

    public IEnumerable<TaskRunner> TasksOf(StageDefinition stage) => tasks.Where(task => task.Id.Stage == stage.Name);

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (await checkpoints.IsPausedAsync(Name, cancellationToken))
        {
            _state = RunState.Paused;
            return;
        }

        StartTasks();
    }

    public Task StopAsync(CancellationToken abandon) => _requests.RunAsync(
        () => StopTasksAsync(_state == RunState.Paused ? RunState.Paused : RunState.Stopped, abandon),
        CancellationToken.None);

    public Task PauseAsync(CancellationToken cancellationToken) => _requests.RunAsync(
        async () =>
        {
            await checkpoints.SetPausedAsync(Name, paused: true, cancellationToken);
            await StopTasksAsync(RunState.Paused, cancellationToken);
        },
        cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => _requests.RunAsync(
        async () =>
        {
            await checkpoints.SetPausedAsync(Name, paused: false, cancellationToken);
            if (_state == RunState.Paused)
            {
                StartTasks();
            }
        },
        cancellationToken);

    public Task SeekAsync(SeekTarget target, CancellationToken cancellationToken) => _requests.RunAsync(
        async () =>
        {
            var moves = await new SeekPlan(pipeline, PartitionsOf, log).MakeAsync(target, cancellationToken);
            foreach (var (moved, offset) in moves)
            {
                var task = tasks.First(task => task.Id == moved);
                await task.StopAsync(abandon: new CancellationToken(canceled: true));
                try
                {
                    await task.SeekAsync(offset, cancellationToken);
                }
                finally
                {
                    if (_state != RunState.Paused)
                    {
                        task.Start();
                    }
                }
            }
        },
        cancellationToken);

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _requests.RunAsync(
            () =>
            {
                if (_state == RunState.Paused)
                {
                    throw new PipelinePausedException(Name);
                }

                if (_state != RunState.Draining)
                {
                    _state = RunState.Draining;
                    _draining = DrainStagesAsync(_running.Token);
                }

                return Task.CompletedTask;
            },
            cancellationToken);
        await _draining.WaitAsync(cancellationToken);
    }

    public async ValueTask<PipelineStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var latency = new LatencyHistogram();
        var stages = new List<StageStatus>();
        foreach (var stage in pipeline.Stages)
        {
            var statuses = new List<StageTaskStatus>();
            var written = new List<IReadOnlyList<double>>();
            var (busy, waiting) = (0, 0);
            foreach (var task in TasksOf(stage))
            {
                busy += task.Progress.ChunksRunning;
                waiting += task.Progress.ChunksWaiting;
                written.Add(task.Progress.WrittenPerSecond);
                statuses.Add(await task.GetStatusAsync(_state, cancellationToken));
                task.Progress.AddLatencyTo(latency);
            }

            stages.Add(Statuses.Of(stage, statuses, new WorkersStatus(busy, waiting, workers), written));
        }

        var isRetrying = stages.Exists(stage => stage.Tasks.Any(task => task.State == RunState.Retrying));
        return Statuses.Of(pipeline, _state == RunState.Running && isRetrying ? RunState.Retrying : _state, stages, latency);
    }

    /// <summary>Drains and then pauses, even if no caller waits any more. A pause or stop ends the drain.</summary>
    private async Task DrainStagesAsync(CancellationToken running)
    {
        try
        {
            foreach (var stage in pipeline.Stages)
            {
                await Task.WhenAll(TasksOf(stage).Select(task => DrainAsync(task, running)));
            }
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            throw new PipelinePausedException(Name);
        }

        await PauseAsync(CancellationToken.None);
    }

    private int PartitionsOf(TopicName topic) =>
        TasksOf(pipeline.Stages.First(stage => stage.Source == topic)).Count();

    private async Task DrainAsync(TaskRunner task, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(task.Source, cancellationToken);
        await task.Progress.WhenCommittedAsync(bounds.End, cancellationToken);
    }

    private void StartTasks()
    {
        _running = new CancellationTokenSource();
        foreach (var task in tasks)
        {
            task.Start();
        }

        _state = RunState.Running;
    }

    private async Task StopTasksAsync(RunState state, CancellationToken abandon)
    {
        _state = state;
        _running.Cancel();
        await Task.WhenAll(tasks.Select(task => task.StopAsync(abandon)));
    }
}
