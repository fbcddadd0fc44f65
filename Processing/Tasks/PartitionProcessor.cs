using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Tasks.Telemetry;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Accepts the batches of one task, has workers process them in parallel, and commits the results in offset order together with the next
/// offset. Both engines use it.
/// </summary>
/// <remarks>
/// <code>
///   AcceptAsync ──► chunks ──► workers        (1) drop what is below the next offset, refuse a gap above it
///        │                       │            (2) wait for room in the read-ahead, hand chunks to the workers
///        ▼                       ▼            (3) the commit loop takes finished batches in offset order,
///    pending: k+2, k+1 ──►  commit loop: k        gathers some for one commit,
///                                │            (4) delivers to sinks outside the database,
///                                ▼            (5) commits next offset, outputs and tables in one transaction,
///                        checkpoint store     (6) publishes the new offset and releases the room.
/// </code>
/// While batch k commits, workers process k+1. The processor ends when the store refuses a commit for a newer epoch; nothing of that
/// commit was made. A commit whose answer was lost is repeated, and the store recognises the repeat. A commit
/// that the store refuses for a row is made in halves, and halves of these, until the record of the row is alone. That record becomes a
/// dead letter.
/// Calls of <see cref="AcceptAsync"/>, <see cref="SkipTo"/> and <see cref="DrainAsync"/> must not run at the same time. The
/// processor starts no thread: on a single-threaded scheduler all of it runs there.
/// </remarks>
internal sealed partial class PartitionProcessor : IAsyncDisposable
{
    private readonly ConcurrentQueue<PendingBatch> _pending = [];
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ProcessorSettings _settings;
    private readonly ByteBudget _readAhead;
    private readonly RetryForever _patience;
    private readonly CommitPacer _pacer;
    private readonly StageTelemetry _telemetry;
    private readonly long _epoch;
    private readonly Task _commitLoop;
    private volatile bool _draining;
    private volatile bool _isFull;
    private volatile CommitGroup? _gathered;
    private long _accepted;

    /// <summary>Starts processing from a checkpoint just taken over.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="settings">The dependencies and limits of the task.</param>
    /// <param name="progress">Receives what was committed.</param>
    public PartitionProcessor(Checkpoint checkpoint, ProcessorSettings settings, TaskProgress progress)
    {
        Id = checkpoint.Task;
        Source = checkpoint.Source;
        Progress = progress;
        _settings = settings;
        _telemetry = settings.Telemetry ?? new StageTelemetry(Id.Pipeline, Id.Stage, sinks: []);
        _epoch = checkpoint.Epoch;
        _accepted = checkpoint.NextOffset;
        _readAhead = new ByteBudget(settings.ReadAheadBytes);
        _patience = new RetryForever(Id, settings, _telemetry, progress);
        _pacer = new CommitPacer(settings.Profile, settings.ReadAheadBytes, settings.TimeProvider, _changed.Set);
        progress.MoveTo(checkpoint.NextOffset);
        _telemetry.NoteTakeover();
        _commitLoop = CommitLoopAsync();
    }

    public TaskId Id { get; }

    public TopicPartition Source { get; }

    public TaskProgress Progress { get; }

    internal (long Used, long Limit) ReadAhead => (_readAhead.Held, _settings.ReadAheadBytes);

    /// <summary>The timestamp of the oldest record that is accepted but not committed; null if there is none.</summary>
    internal long? OldestTimestamp =>
        _gathered?.OldestTimestamp ?? (_pending.TryPeek(out var next) && next.Work is not null ? next.Timestamp : null);

    /// <summary>The offset that the next accepted batch must hold.</summary>
    public long NextAccepted => _accepted;

    /// <summary>
    /// Completes when the processor has ended: successfully after <see cref="DrainAsync"/>, cancelled after a dispose, or with the error
    /// that ended it (<see cref="TaskFencedException"/> when a newer owner took over).
    /// </summary>
    public Task Completion => _commitLoop;

    /// <summary>Accepts a batch. Completes when there is room for the batch, before it is processed.</summary>
    /// <param name="batch">A batch of the source. Records below the next offset are dropped.</param>
    /// <param name="cancellationToken">Stops waiting for room; the batch was then not accepted.</param>
    /// <exception cref="OffsetGapException">An earlier batch is missing; this one was not accepted.</exception>
    /// <exception cref="TaskFencedException">A newer owner took over.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting, or the processor was disposed of.</exception>
    /// <exception cref="InvalidOperationException">The processor drains or has drained.</exception>
    public async ValueTask AcceptAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await ThrowIfEndedAsync();

        // (1) Drop what is below the next offset, refuse a gap above it.
        if (batch.NextOffset <= _accepted)
        {
            return;
        }

        if (batch.BaseOffset > _accepted)
        {
            throw new OffsetGapException(Id, _accepted, batch.BaseOffset);
        }

        // (2) Wait for room in the read-ahead, hand chunks to the workers.
        var bytes = batch.UnpackedBytes;
        await TakeRoomAsync(bytes, cancellationToken);
        await ThrowIfEndedAsync();
        var skip = (int)(_accepted - batch.BaseOffset);
        var span = _telemetry.Spans.StartProcess(batch, Source, skip);
        var work = WorkAsync(batch, skip, batch.Count - skip, span);
        Enqueue(new PendingBatch(
            _accepted,
            batch.NextOffset,
            bytes,
            batch.BaseTimestamp,
            span is { Recorded: true } ? span.Context : default,
            work)
        { Source = batch });
        _ = SignalAfterAsync(work);
    }

    /// <summary>Skips records that retention has removed unread. The new offset commits in its turn.</summary>
    /// <param name="nextOffset">The first offset still kept; nothing happens if it is not above the next accepted one.</param>
    public void SkipTo(long nextOffset)
    {
        if (nextOffset > _accepted)
        {
            Enqueue(new PendingBatch(_accepted, nextOffset, Bytes: 0, Timestamp: 0, Trace: default, Work: null));
        }
    }

    /// <summary>Accepts no more batches, and completes when all accepted ones are committed.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        _draining = true;
        _changed.Set();
        return _commitLoop.WaitAsync(cancellationToken);
    }

    /// <summary>Abandons the uncommitted batches and waits until their work has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        _changed.Set();
        await EndOf(_commitLoop);
        while (_pending.TryDequeue(out var abandoned))
        {
            await EndOf(abandoned.Work ?? Task.CompletedTask);
        }
    }

    private static ConfiguredTaskAwaitable EndOf(Task task) =>
        task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private async ValueTask ThrowIfEndedAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            await _commitLoop;
        }

        if (_draining)
        {
            throw new InvalidOperationException($"Task '{Id}' has drained and accepts no more batches. Take it over again to continue.");
        }
    }

    private async ValueTask TakeRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        var taking = _readAhead.TakeAsync(bytes, cancellationToken);
        if (taking.IsCompletedSuccessfully)
        {
            return;
        }

        var began = _settings.TimeProvider.GetTimestamp();
        _isFull = true;
        _changed.Set();
        try
        {
            await taking;
        }
        finally
        {
            _isFull = false;
            _telemetry.NoteReadAheadWait(_settings.TimeProvider.GetElapsedTime(began));
        }
    }

    private void Enqueue(PendingBatch batch)
    {
        _accepted = batch.NextOffset;
        _pending.Enqueue(batch);
        _changed.Set();
    }

    private async Task SignalAfterAsync(Task work)
    {
        await EndOf(work);
        _changed.Set();
    }

    private async Task<ChunkResult> WorkAsync(
        RecordBatch batch, int skip, int records, Activity? span = null, TableRowException? refusal = null)
    {
        using var ends = span;
        var chunkRecords = batch.Compression == Compression.None ? _settings.Profile.ChunkRecords : int.MaxValue;
        var chunks = new List<Task<ChunkResult>>();
        for (var first = skip; first < skip + records;)
        {
            var count = Math.Min(chunkRecords, skip + records - first);
            chunks.Add(RunAsync(new Chunk(Id, Source, batch, first, count) { Progress = Progress, Span = span, Refusal = refusal }));
            first += count;
        }

        var results = await Task.WhenAll(chunks);
        for (var index = 1; index < results.Length; index++)
        {
            results[0].Append(results[index]);
        }

        return results[0];
    }

    private async Task<ChunkResult> RunAsync(Chunk chunk)
    {
        Progress.ChunkHandedOver();
        try
        {
            return await _patience.ExecuteAsync(
                static (state, token) => state._settings.Workers.RunAsync(
                    state.Chunk with { HandedOverAt = state._settings.TimeProvider.GetTimestamp() }, token),
                (_settings, Chunk: chunk),
                _stopping.Token);
        }
        finally
        {
            Progress.ChunkBack();
        }
    }
}
