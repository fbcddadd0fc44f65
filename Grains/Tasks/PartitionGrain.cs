using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Checkpoints;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Tasks.Telemetry;
using Orleans.Placement;

namespace Orleans.Pipeline.Grains.Tasks;

/// <summary>
/// Owns one task while the grain is active. Activating takes the task over. A <see cref="TaskReader"/> reads the partition, and a
/// <see cref="PartitionProcessor"/> processes the records on this grain's scheduler. Writing the grain's state makes the commit.
/// </summary>
/// <remarks>
/// The grain is reentrant, so that an operator's request does not wait for a commit. A request that fails halfway, or a processor that ends
/// by itself, deactivates the grain. Then <see cref="TaskKeeper"/> makes the owner activate it again, from the checkpoint.
/// </remarks>
[PartitionPlacement, GrainDirectory(PartitionDirectory.Name), Reentrant, KeepAlive, Immovable]
internal sealed partial class PartitionGrain(
    [PersistentState("checkpoint", CheckpointGrainStorage.Name)] IPersistentState<TaskState> state,
    PartitionServices services,
    LocalPartitions local,
    ILogger<PartitionGrain> logger) : Grain, IPartitionGrain, IAsyncDisposable
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(15);

    private readonly OneAtATime _requests = new();
    private CancellationTokenSource _waits = new();
    private StageTask _task = null!;
    private TaskProgress _progress = null!;
    private Run? _run;
    private string? _failure;

    public TaskId Id => _task.Id;

    public TopicPartition Source => _task.Source;

    /// <summary>The task as the silo's gauges see it.</summary>
    public LocalTask Local => new(_task.Id, State, _progress, _run?.Processor);

    private RunState State =>
        _run is null ? RunState.Paused : _progress.Error is null && _failure is null ? RunState.Running : RunState.Retrying;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _task = services.Find(this.GetPrimaryKeyString());
        _progress = new TaskProgress(services.TimeProvider);
        _progress.MoveTo(state.State.Checkpoint.NextOffset);
        local.Add(this);
        if (!await services.Checkpoints.IsPausedAsync(_task.Id.Pipeline, cancellationToken))
        {
            await StartAsync(cancellationToken);
        }

        // Orleans calls a timer's callback only after the activation is valid.
        this.RegisterGrainTimer(JoinAsync, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(this);
        await StopAsync(drain: _failure is null, cancellationToken);
    }

    /// <summary>Stops the work of a cancelled or failed activation, which Orleans does not deactivate.</summary>
    public async ValueTask DisposeAsync()
    {
        local.Remove(this);
        await StopAsync(drain: false, CancellationToken.None);
    }

    public Task WakeAsync() => Task.CompletedTask;

    public async Task<TaskReport> ReportAsync()
    {
        var bounds = await services.Topics.GetBoundsAsync(_task.Source);
        var latency = new LatencyHistogram();
        _progress.AddLatencyTo(latency);
        var next = Math.Max(_progress.NextOffset, bounds.Start);
        return new TaskReport
        {
            Stage = _task.Id.Stage,
            Status = new StageTaskStatus
            {
                Partition = _task.Id.Partition,
                State = State,
                Epoch = state.State.Checkpoint.Epoch,
                NextOffset = next,
                EndOffset = bounds.End,
                Lag = Math.Max(bounds.End - next, 0),
                RecordsPerSecond = _progress.RecordsPerSecond,
                Processed = _progress.Processed,
                DeadLetters = state.State.Checkpoint.DeadLetters,
                Error = _progress.Error ?? _failure,
                Node = services.Node,
                Retries = _progress.Retries,
                BytesPerSecond = _progress.BytesPerSecond,
            },
            Latency = latency.Counts,
            MaximumMs = latency.Maximum,
            ChunksRunning = _progress.ChunksRunning,
            ChunksWaiting = _progress.ChunksWaiting,
            Workers = WorkerGrain.Concurrency,
            WrittenPerSecond = [.. _progress.WrittenPerSecond],
        };
    }

    public Task PauseAsync() => OneAtATimeAsync(() => StopAsync(drain: true, CancellationToken.None));

    public Task ResumeAsync() => OneAtATimeAsync(async () =>
    {
        if (_run is null)
        {
            await state.ReadStateAsync();
            await StartAsync(CancellationToken.None);
        }
    });

    public Task SeekAsync(long offset) => OneAtATimeAsync(async () =>
    {
        var running = _run is not null;
        await StopAsync(drain: false, CancellationToken.None);
        await services.Checkpoints.SeekAsync(_task.Id, offset);
        await state.ReadStateAsync();
        _progress.MoveTo(offset);
        if (running)
        {
            await StartAsync(CancellationToken.None);
        }
    });

    public async Task<bool> WhenCommittedAsync(long offset)
    {
        using var wait = NewWait();
        try
        {
            await _progress.WhenCommittedAsync(offset, wait.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Leaves this silo when the records in flight are committed.</summary>
    public void Leave() => End("The partition has a new owner.");

    /// <summary>Deactivates. Orleans waits for calls in progress, so waiting calls are cancelled.</summary>
    private void End(string reason)
    {
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, reason));
        _waits.Cancel();
    }

    private Task JoinAsync()
    {
        local.Join(this);
        return Task.CompletedTask;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var checkpoint = state.State.Checkpoint;
        var program = services.Programs.ProgramOf(_task.Id);
        await program.OpenAsync(_task.Id, checkpoint.NextOffset, cancellationToken);
        _failure = null;
        var settings = services.SettingsOf(_task, new GrainCommitter(state));
        var processor = new PartitionProcessor(checkpoint, settings, _progress);
        var patience = new RetryForever(_task.Id, settings, program.Telemetry, _progress);
        _run = new Run(processor, new TaskReader(services.Topics, processor, patience, services.ReadAheadOf(_task).ReadBytes));
        _ = WatchAsync(_run);
    }

    private async Task StopAsync(bool drain, CancellationToken abandon)
    {
        if (_run is not { } run)
        {
            return;
        }

        _run = null;
        await _waits.CancelAsync();
        _waits = new CancellationTokenSource();
        await run.StopReadingAsync();
        await (drain ? DrainAsync(run.Processor, abandon) : Task.CompletedTask);
        await run.Processor.DisposeAsync();
    }

    private async Task DrainAsync(PartitionProcessor processor, CancellationToken abandon)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        either.CancelAfter(services.Settings.StopTimeout);
        await processor.DrainAsync(either.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>
    /// Waits for the end of reading. Reading ends by itself only when the processor was fenced or failed. Another activation then continues
    /// the task.
    /// </summary>
    private async Task WatchAsync(Run run)
    {
        try
        {
            await run.Reading;
        }
        catch (Exception error) when (run == _run)
        {
            LogEnded(logger, _task.Id, error);
            Fail(error);
        }
        catch (Exception) when (run != _run)
        {
        }
    }

    private void Fail(Exception error)
    {
        _failure = error.Message;
        End(error.Message);
    }

    /// <summary>
    /// Returns a source that ends a call's wait after <see cref="MaximumWait"/>, or when the processor stops or the grain leaves: leaving
    /// waits for calls in progress.
    /// </summary>
    private CancellationTokenSource NewWait()
    {
        var wait = CancellationTokenSource.CreateLinkedTokenSource(_waits.Token);
        wait.CancelAfter(MaximumWait);
        return wait;
    }

    private Task OneAtATimeAsync(Func<Task> request) => _requests.RunAsync(async () =>
    {
        try
        {
            await request();
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    });

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Task {Task} ended on this silo and starts again")]
    private static partial void LogEnded(ILogger logger, TaskId task, Exception error);

    /// <summary>One run of the task, from a start to a stop.</summary>
    private sealed class Run
    {
        private readonly CancellationTokenSource _reading = new();

        public Run(PartitionProcessor processor, TaskReader reader) => (Processor, Reading) = (processor, reader.RunAsync(_reading.Token));

        public PartitionProcessor Processor { get; }

        public Task Reading { get; }

        public async Task StopReadingAsync()
        {
            await _reading.CancelAsync();
            await Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _reading.Dispose();
        }
    }
}
