using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Runs one task in a process without grains: takes it over, reads its partition from the committed offset, and passes the batches to its
/// processor.
/// </summary>
internal sealed partial class TaskRunner(ProcessorSettings settings)
{
    private Checkpoint? _checkpoint;
    private Running? _running;

    public required TaskId Id { get; init; }

    public required TopicPartition Source { get; init; }

    public required StageDefinition Stage { get; init; }

    public required StageProgram Program { get; init; }

    public required ITopicLog Log { get; init; }

    public required ICheckpointStore Checkpoints { get; init; }

    public required TaskProgress Progress { get; init; }

    public required int ReadBytes { get; init; }

    public required string Node { get; init; }

    /// <summary>Gets the scheduler on which the task runs.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Gets the processor that runs the task; null if none does.</summary>
    public PartitionProcessor? Processor => _running?.Processor;

    public bool IsRunning => _running is { Run.IsCompleted: false };

    /// <summary>Gets the last error while the task retries, or the error that ended it; null if there is none.</summary>
    public string? Error => Progress.Error ?? _running?.Failure;

    /// <summary>Sets the checkpoint from the store, for the status of a task that does not run.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        Progress.MoveTo(checkpoint.NextOffset);
    }

    public void Start()
    {
        var running = new Running();
        running.Run = Task.Factory
            .StartNew(() => RunAsync(running), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler)
            .Unwrap();
        _running = running;
    }

    /// <summary>Stops reading, and commits the records in flight unless the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken abandon)
    {
        if (_running is { } running)
        {
            _running = null;
            running.Reading.Cancel();
            await using var abandoning = abandon.Register(running.Abandon.Cancel);
            await running.Run;
            running.Dispose();
        }
    }

    public async ValueTask SeekAsync(long offset, CancellationToken cancellationToken)
    {
        if (_checkpoint is null)
        {
            Restore(await Checkpoints.TakeOverAsync(Id, Source, offset, cancellationToken));
        }

        Restore(await Checkpoints.SeekAsync(Id, offset, cancellationToken));
    }

    public async ValueTask<StageTaskStatus> GetStatusAsync(RunState pipeline, CancellationToken cancellationToken)
    {
        var bounds = await Log.GetBoundsAsync(Source, cancellationToken);
        var next = Math.Max(Progress.NextOffset, bounds.Start);
        return new StageTaskStatus
        {
            Partition = Source.Partition,
            State = StateIn(pipeline),
            Epoch = _checkpoint?.Epoch ?? 0,
            NextOffset = next,
            EndOffset = bounds.End,
            Lag = Math.Max(bounds.End - next, 0),
            RecordsPerSecond = Progress.RecordsPerSecond,
            Processed = Progress.Processed,
            DeadLetters = (_checkpoint?.DeadLetters ?? 0) + Progress.DeadLetters,
            Error = Error,
            Node = Node,
            Retries = Progress.Retries,
            BytesPerSecond = Progress.BytesPerSecond,
        };
    }

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
            var patience = new RetryForever(Id, settings, Program.Telemetry, Progress);
            var checkpoint = await TakeOverAsync(patience, running.Reading.Token);
            _checkpoint = checkpoint with { DeadLetters = checkpoint.DeadLetters - deadLetters };
            await using var processor = running.Processor = new PartitionProcessor(checkpoint, settings, Progress);
            try
            {
                await new TaskReader(Log, processor, patience, ReadBytes).RunAsync(running.Reading.Token);
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
            LogStopped(settings.Logger, Id, error);
        }
    }

    private async ValueTask<Checkpoint> TakeOverAsync(RetryForever patience, CancellationToken cancellationToken)
    {
        var checkpoint = await patience.ExecuteAsync(
            static async (task, token) =>
            {
                var bounds = await task.Log.GetBoundsAsync(task.Source, token);
                var start = task.Stage.Start == StartPosition.Start ? bounds.Start : bounds.End;
                return await task.Checkpoints.TakeOverAsync(task.Id, task.Source, start, token);
            },
            this,
            cancellationToken);
        return await patience.ExecuteAsync(
            static async (self, token) =>
            {
                await self.Program.OpenAsync(self.Checkpoint.Task, self.Checkpoint.NextOffset, token);
                return self.Checkpoint;
            },
            (Program, Checkpoint: checkpoint),
            cancellationToken);
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Task {Task} stopped")]
    private static partial void LogStopped(ILogger logger, TaskId task, Exception error);

    private sealed class Running : IDisposable
    {
        public CancellationTokenSource Reading { get; } = new();

        public CancellationTokenSource Abandon { get; } = new();

        public Task Run { get; set; } = Task.CompletedTask;

        public PartitionProcessor? Processor { get; set; }

        public string? Failure { get; set; }

        public void Dispose()
        {
            Reading.Dispose();
            Abandon.Dispose();
        }
    }
}
