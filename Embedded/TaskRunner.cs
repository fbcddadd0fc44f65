using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Embedded;

/// <summary>Runs one task: takes it over, reads its partition from the committed offset on, and hands the batches to its processor.</summary>
internal sealed partial class TaskRunner(
    TaskId task,
    TopicPartition source,
    StageDefinition stage,
    StageProgram program,
    ITopicLog log,
    ICheckpointStore checkpoints,
    ProcessorSettings settings,
    TaskProgress progress,
    int readBytes,
    string node)
{
    private readonly RetryForever _patience = new(task, settings, program.Telemetry, progress);
    private Checkpoint? _checkpoint;
    private Running? _running;

    public TaskId Task => task;

    public TopicPartition Source => source;

    public TaskProgress Progress => progress;

    public bool IsRunning => _running is { Run.IsCompleted: false };

    private string? Error => Progress.Error ?? _running?.Failure;

    /// <summary>Tells the runner of the checkpoint in the store, for the status of a task that does not run.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        Progress.MoveTo(checkpoint.NextOffset);
    }

    public void Start()
    {
        var running = new Running();
        running.Run = System.Threading.Tasks.Task.Run(() => RunAsync(running));
        _running = running;
    }

    /// <summary>Stops reading, and commits what is in flight unless the token cancels that.</summary>
    public async Task StopAsync(CancellationToken abandon)
    {
        if (_running is { } running)
        {
            _running = null;
            await running.Reading.CancelAsync();
            await using var abandoning = abandon.Register(running.Abandon.Cancel);
            await running.Run;
            running.Dispose();
        }
    }

    public async ValueTask SeekAsync(long offset, CancellationToken cancellationToken)
    {
        if (_checkpoint is null)
        {
            Restore(await checkpoints.TakeOverAsync(task, source, offset, cancellationToken));
        }

        Restore(await checkpoints.SeekAsync(task, offset, cancellationToken));
    }

    public async ValueTask<StageTaskStatus> GetStatusAsync(RunState pipeline, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(source, cancellationToken);
        var next = Math.Max(Progress.NextOffset, bounds.Start);
        return new StageTaskStatus
        {
            Partition = source.Partition,
            State = StateIn(pipeline),
            Epoch = _checkpoint?.Epoch ?? 0,
            NextOffset = next,
            EndOffset = bounds.End,
            Lag = Math.Max(bounds.End - next, 0),
            RecordsPerSecond = Progress.RecordsPerSecond,
            Processed = Progress.Processed,
            DeadLetters = (_checkpoint?.DeadLetters ?? 0) + Progress.DeadLetters,
            Error = Error,
            Node = node,
            Retries = Progress.Retries,
            BytesPerSecond = Progress.BytesPerSecond,
        };
    }

    /// <summary>What the task does, while its pipeline does something.</summary>
    public RunState StateIn(RunState pipeline) => _running switch
    {
        null => pipeline == RunState.Paused ? RunState.Paused : RunState.Stopped,
        { Run.IsCompleted: true } => RunState.Stopped,
        _ when Error is not null => RunState.Retrying,
        _ => pipeline,
    };

    private async Task RunAsync(Running running)
    {
        try
        {
            var deadLetters = Progress.DeadLetters;
            var checkpoint = await TakeOverAsync(running.Reading.Token);
            _checkpoint = checkpoint with { DeadLetters = checkpoint.DeadLetters - deadLetters };
            await using var processor = new PartitionProcessor(checkpoint, settings, Progress);
            try
            {
                await new TaskReader(log, processor, _patience, readBytes).RunAsync(running.Reading.Token);
            }
            catch (OperationCanceledException) when (running.Reading.IsCancellationRequested)
            {
                await processor.DrainAsync(running.Abandon.Token);
            }
        }
        catch (OperationCanceledException) when (running.Reading.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            running.Failure = error.Message;
            LogStopped(settings.Logger, task, error);
        }
    }

    private async ValueTask<Checkpoint> TakeOverAsync(CancellationToken cancellationToken)
    {
        var checkpoint = await _patience.ExecuteAsync(
            static async (self, token) =>
            {
                var bounds = await self.Log.GetBoundsAsync(self.Source, token);
                var start = self.Start == StartPosition.Start ? bounds.Start : bounds.End;
                return await self.Checkpoints.TakeOverAsync(self.Task, self.Source, start, token);
            },
            (Log: log, Source: source, stage.Start, Checkpoints: checkpoints, Task: task),
            cancellationToken);
        return await _patience.ExecuteAsync(
            static async (self, token) =>
            {
                await self.Program.OpenAsync(self.Checkpoint.Task, self.Checkpoint.NextOffset, token);
                return self.Checkpoint;
            },
            (Program: program, Checkpoint: checkpoint),
            cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Task} stopped")]
    private static partial void LogStopped(ILogger logger, TaskId task, Exception error);

    /// <summary>One run between a start and a stop.</summary>
    private sealed class Running : IDisposable
    {
        public CancellationTokenSource Reading { get; } = new();

        public CancellationTokenSource Abandon { get; } = new();

        public Task Run { get; set; } = System.Threading.Tasks.Task.CompletedTask;

        public string? Failure { get; set; }

        public void Dispose()
        {
            Reading.Dispose();
            Abandon.Dispose();
        }
    }
}
