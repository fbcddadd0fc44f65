using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Checkpoints;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Telemetry;
using Orleans.Placement;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Pipeline.Grains.Tasks;

/// <summary>
/// Owns one task while it is active: activating takes the task over, its stream hands it batches, a
/// <see cref="PartitionProcessor"/> does the rest on this grain's scheduler, and writing the grain's state is the commit.
/// </summary>
/// <remarks>
/// It is reentrant, so that an operator's request does not wait for a batch that waits for room. A batch that it cannot take is
/// refused, and its stream offers it again.
/// </remarks>
[PartitionPlacement, ImplicitStreamSubscription(PipelineStreams.TaskNamespace), Reentrant, KeepAlive, Immovable]
internal sealed partial class PartitionGrain(
    [PersistentState("checkpoint", CheckpointGrainStorage.Name)] IPersistentState<TaskState> state,
    PartitionServices services,
    LocalPartitions local,
    ILogger<PartitionGrain> logger) : Grain, IPartitionGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<RecordBatch>, IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _request = new(1);
    private readonly SemaphoreSlim _accepting = new(1);
    private CancellationTokenSource _waits = new();
    private StageTask _task = null!;
    private TaskProgress _progress = null!;
    private TaskGate _gate = null!;
    private StreamSubscriptionHandle<RecordBatch> _stream = null!;
    private PartitionProcessor? _processor;
    private string? _failure;

    /// <summary>The partition that the task reads.</summary>
    public Topics.TopicPartition Source => _task.Source;

    /// <summary>The task as the silo's gauges see it.</summary>
    public LocalTask Local => new(_task.Id, State, _progress);

    private RunState State => _processor is null ? RunState.Paused : _progress.Error is null && _failure is null ? RunState.Running : RunState.Retrying;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _task = services.Find(this.GetPrimaryKeyString());
        _gate = services.Gates.GateOf(_task.Id);
        _progress = new TaskProgress(services.TimeProvider);
        _progress.MoveTo(state.State.Checkpoint.NextOffset);
        var stream = this.GetStreamProvider(PipelineStreams.TaskProvider).GetStream<RecordBatch>(PipelineStreams.Of(_task.Id));
        _stream = (await stream.GetAllSubscriptionHandles())[0];
        if (await services.Checkpoints.IsPausedAsync(_task.Id.Pipeline, cancellationToken))
        {
            _gate.Close();
        }
        else
        {
            await StartAsync(cancellationToken);
        }

        local.Add(this);
        await ReadFromAsync(state.State.Checkpoint.NextOffset);
        if (_processor is not null)
        {
            _gate.Open();
        }

        // A timer's callback comes once the activation is valid.
        this.RegisterGrainTimer(JoinAsync, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(this);
        await StopAsync(drain: _failure is null, cancellationToken);
        _gate.Open();
    }

    /// <summary>Stops what a cancelled or failed activation had started, which is not deactivated.</summary>
    public async ValueTask DisposeAsync()
    {
        local.Remove(this);
        await StopAsync(drain: false, CancellationToken.None);
    }

    public Task WakeAsync() => Task.CompletedTask;

    public async Task<TaskReport> ReportAsync()
    {
        var bounds = await services.Topics.BoundsAsync(_task.Source);
        var latency = new LatencyHistogram();
        _progress.AddLatencyTo(latency);
        var error = _progress.Error ?? _failure;
        return new TaskReport(
            _task.Id.Stage,
            _task.Id.Partition,
            State,
            state.State.Checkpoint.Epoch,
            Math.Max(_progress.NextOffset, bounds.Start),
            bounds.End,
            _progress.RecordsPerSecond,
            _progress.Processed,
            state.State.Checkpoint.DeadLetters,
            error,
            latency.Counts,
            latency.Maximum,
            services.Node,
            _progress.Retries,
            _progress.BytesPerSecond,
            _progress.ChunksRunning,
            _progress.ChunksWaiting,
            WorkerGrain.Concurrency,
            [.. _progress.WrittenPerSecond]);
    }

    public Task PauseAsync() => OneAtATimeAsync(async () =>
    {
        _gate.Close();
        await StopAsync(drain: true, CancellationToken.None);
    });

    public Task ResumeAsync() => OneAtATimeAsync(async () =>
    {
        if (_processor is null)
        {
            await state.ReadStateAsync();
            await StartAsync(CancellationToken.None);
            await ReadFromAsync(state.State.Checkpoint.NextOffset);
        }

        _gate.Open();
    });

    public Task SeekAsync(long offset) => OneAtATimeAsync(async () =>
    {
        var running = _processor is not null;
        _gate.Close();
        await StopAsync(drain: false, CancellationToken.None);
        await services.Checkpoints.SeekAsync(_task.Id, offset);
        await state.ReadStateAsync();
        _progress.MoveTo(offset);
        await ReadFromAsync(offset);
        if (running)
        {
            await StartAsync(CancellationToken.None);
            _gate.Open();
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

    /// <summary>Is called when a batch comes before the stream was resumed; the batch is offered again from where it was.</summary>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => ReadFromAsync(state.State.Checkpoint.NextOffset);

    /// <summary>
    /// Takes batches in. While the task is paused they are passed over: resuming reads them again. One that cannot be taken within
    /// some seconds is refused, well before the call would time out.
    /// </summary>
    public async Task OnNextAsync(IList<SequentialItem<RecordBatch>> items)
    {
        if (_processor is not { } processor)
        {
            return;
        }

        using var wait = NewWait();
        try
        {
            await AcceptAsync(processor, items, wait.Token);
        }
        catch (OperationCanceledException) when (wait.IsCancellationRequested)
        {
            if (processor == _processor)
            {
                throw new TimeoutException($"Task '{_task.Id}' has no room for another batch yet{(_progress.Error is { } error ? $": {error}" : ".")}");
            }
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Leaves this silo once what is in flight is committed; the stream's next batch finds the new owner.</summary>
    public void Leave() => End("The partition has a new owner.");

    /// <summary>Deactivates, which waits for the calls under way, so it ends those that wait for something themselves.</summary>
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

    private async Task AcceptAsync(PartitionProcessor processor, IList<SequentialItem<RecordBatch>> items, CancellationToken cancellationToken)
    {
        await _accepting.WaitAsync(cancellationToken);
        try
        {
            foreach (var item in items)
            {
                if (processor != _processor || !await TryAcceptAsync(processor, item.Item, cancellationToken))
                {
                    return;
                }
            }
        }
        finally
        {
            _accepting.Release();
        }
    }

    private async ValueTask<bool> TryAcceptAsync(PartitionProcessor processor, RecordBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await processor.AcceptAsync(batch, cancellationToken);
            return true;
        }
        catch (OffsetGapException gap)
        {
            var bounds = await services.Topics.BoundsAsync(_task.Source, cancellationToken);
            processor.SkipTo(bounds.Start);
            await ReadFromAsync(Math.Max(gap.Expected, bounds.Start));
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException && processor.Completion.IsCompleted)
        {
            return false;
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var checkpoint = state.State.Checkpoint;
        await services.Programs.ProgramOf(_task.Id).OpenAsync(_task.Id, checkpoint.NextOffset, cancellationToken);
        _failure = null;
        _processor = new PartitionProcessor(checkpoint, services.SettingsOf(_task, new GrainCheckpoints(state, services.Checkpoints)), _progress);
        _ = WatchAsync(_processor);
    }

    private async Task StopAsync(bool drain, CancellationToken abandon)
    {
        if (_processor is not { } processor)
        {
            return;
        }

        _processor = null;
        await _waits.CancelAsync();
        _waits = new CancellationTokenSource();
        await _accepting.WaitAsync(CancellationToken.None);
        try
        {
            await (drain ? DrainAsync(processor, abandon) : Task.CompletedTask);
            await processor.DisposeAsync();
        }
        finally
        {
            _accepting.Release();
        }
    }

    private async Task DrainAsync(PartitionProcessor processor, CancellationToken abandon)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        either.CancelAfter(services.Settings.StopTimeout);
        await processor.DrainAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>A processor that ends by itself was fenced or has failed: the task begins anew with another activation.</summary>
    private async Task WatchAsync(PartitionProcessor processor)
    {
        try
        {
            await processor.Completion;
        }
        catch (Exception error) when (processor == _processor)
        {
            LogEnded(logger, _task.Id, error);
            _failure = error.Message;
            End(error.Message);
        }
        catch (Exception) when (processor != _processor)
        {
        }
    }

    /// <summary>How long a call may wait: some seconds, or until the processor stops or the grain leaves, which waits for its calls.</summary>
    private CancellationTokenSource NewWait()
    {
        var wait = CancellationTokenSource.CreateLinkedTokenSource(_waits.Token);
        wait.CancelAfter(LongestWait);
        return wait;
    }

    private async Task ReadFromAsync(long offset) => _stream = await _stream.ResumeAsync(this, new EventSequenceTokenV2(offset));

    private async Task OneAtATimeAsync(Func<Task> request)
    {
        await _request.WaitAsync();
        try
        {
            await request();
        }
        finally
        {
            _request.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {Task} ended on this silo and begins anew")]
    private static partial void LogEnded(ILogger logger, TaskId task, Exception error);
}
