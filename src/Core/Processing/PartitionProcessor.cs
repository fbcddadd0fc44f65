using System.Threading.Channels;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Processing;

/// <summary>
/// The heart: takes the batches of one task in, has workers process them in parallel, and commits the results in offset order
/// together with the next offset. Both engines drive it.
/// </summary>
/// <remarks>
/// <code>
///   AcceptAsync ──► chunks ──► workers        (1) drop what is below the next offset, refuse a gap above it
///        │                       │            (2) wait for room in the read-ahead, hand chunks to the workers
///        ▼                       ▼            (3) the commit loop takes finished batches in offset order,
///    pending: k+2, k+1 ──►  commit loop: k        gathers some for one commit,
///                                │            (4) delivers to sinks outside the database,
///                                ▼            (5) commits next offset, outputs and tables in one transaction,
///                        checkpoint store     (6) gives the room back and tells the new offset.
/// </code>
/// While batch k commits, the workers are at k+1. A commit that the store refuses for a newer epoch ends the processor: nothing of
/// it was made. A commit whose answer was lost is repeated, which the store recognises.
/// Calls of <see cref="AcceptAsync"/> must not overlap. Nothing here asks for a thread: on a single-threaded scheduler all of it runs there.
/// </remarks>
public sealed class PartitionProcessor : IAsyncDisposable
{
    private readonly Channel<PendingBatch> _pending = Channel.CreateUnbounded<PendingBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ProcessorSettings _settings;
    private readonly ByteBudget _readAhead;
    private readonly PatientRetry _patience;
    private readonly CommitPacer _pacer;
    private readonly long _epoch;
    private readonly Task _commitLoop;
    private long _accepted;

    /// <summary>Starts processing from a checkpoint just taken over.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="settings">What the task needs.</param>
    /// <param name="progress">Is told what was committed.</param>
    public PartitionProcessor(Checkpoint checkpoint, ProcessorSettings settings, TaskProgress progress)
    {
        Task = checkpoint.Task;
        Source = checkpoint.Source;
        Progress = progress;
        _settings = settings;
        _epoch = checkpoint.Epoch;
        _accepted = checkpoint.NextOffset;
        _readAhead = new ByteBudget(settings.ReadAheadBytes);
        _patience = new PatientRetry(Task, settings, progress);
        _pacer = new CommitPacer(settings.Profile, settings.TimeProvider);
        progress.MoveTo(checkpoint.NextOffset);
        _commitLoop = CommitLoopAsync();
    }

    /// <summary>The task.</summary>
    public TaskId Task { get; }

    /// <summary>The partition that it reads.</summary>
    public TopicPartition Source { get; }

    /// <summary>What was committed.</summary>
    public TaskProgress Progress { get; }

    /// <summary>The offset that the next accepted batch must hold.</summary>
    public long NextAccepted => _accepted;

    /// <summary>
    /// Completes when the processor has ended: after <see cref="DrainAsync"/>, cancelled after a dispose, or with the error that
    /// ended it (<see cref="TaskFencedException"/> when a newer owner took over).
    /// </summary>
    public Task Completion => _commitLoop;

    /// <summary>Takes a batch in; completes when there was room for it, before it is processed.</summary>
    /// <param name="batch">A batch of the source. What of it lies below the next offset is dropped.</param>
    /// <param name="cancellationToken">Stops waiting for room; the batch was then not taken.</param>
    /// <exception cref="OffsetGapException">A batch before it is missing; it was not taken.</exception>
    /// <exception cref="TaskFencedException">A newer owner took over.</exception>
    public async ValueTask AcceptAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (batch.NextOffset <= _accepted)
        {
            return;
        }

        if (batch.BaseOffset > _accepted)
        {
            throw new OffsetGapException(Task, _accepted, batch.BaseOffset);
        }

        await TakeRoomAsync(batch.Bytes.Length, cancellationToken);
        var first = _accepted;
        var work = WorkAsync(batch, (int)(first - batch.BaseOffset));
        if (!_pending.Writer.TryWrite(new PendingBatch(first, batch.NextOffset, batch.Bytes.Length, batch.BaseTimestamp, work)))
        {
            await _commitLoop;
            throw new InvalidOperationException($"Task '{Task}' has been drained and takes in nothing more.");
        }

        _accepted = batch.NextOffset;
    }

    /// <summary>Goes on beyond records that retention has removed unread; the new offset commits in its turn.</summary>
    /// <param name="nextOffset">The first offset still kept; nothing happens if it is not above the next accepted one.</param>
    public void SkipTo(long nextOffset)
    {
        if (nextOffset > _accepted)
        {
            _pending.Writer.TryWrite(new PendingBatch(_accepted, nextOffset, 0, _settings.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(), null));
            _accepted = nextOffset;
        }
    }

    /// <summary>Takes in nothing more, and completes when all that was accepted is committed.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        _pending.Writer.TryComplete();
        _pacer.Hurry();
        return _commitLoop.WaitAsync(cancellationToken);
    }

    /// <summary>Abandons what is not committed and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _commitLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopping.Dispose();
    }

    private async ValueTask TakeRoomAsync(int bytes, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await _readAhead.TakeAsync(bytes, either.Token);
        }
        catch (OperationCanceledException) when (_commitLoop.IsFaulted && !cancellationToken.IsCancellationRequested)
        {
            await _commitLoop;
        }

        if (_commitLoop.IsCompleted)
        {
            await _commitLoop;
        }
    }

    private async Task<ChunkResult> WorkAsync(RecordBatch batch, int skip)
    {
        var chunkRecords = batch.Compression == Compression.None ? _settings.Profile.ChunkRecords : int.MaxValue;
        var chunks = new List<Task<ChunkResult>>();
        for (var first = skip; first < batch.Count;)
        {
            var count = Math.Min(chunkRecords, batch.Count - first);
            chunks.Add(RunAsync(new Chunk(Task, Source, batch, first, count)));
            first += count;
        }

        var whole = await chunks[0];
        for (var index = 1; index < chunks.Count; index++)
        {
            whole.Append(await chunks[index]);
        }

        return whole;
    }

    private Task<ChunkResult> RunAsync(Chunk chunk) => _patience.ExecuteAsync(
        static (state, token) => state._settings.Workers.RunAsync(state.Chunk, token), (_settings, Chunk: chunk), _stopping.Token).AsTask();

    private async Task CommitLoopAsync()
    {
        try
        {
            while (await _pending.Reader.WaitToReadAsync(_stopping.Token))
            {
                _pending.Reader.TryRead(out var first);
                var group = new CommitGroup(first!, await ResultOf(first!));
                await GatherAsync(group);
                await CommitAsync(group);
            }
        }
        catch (Exception error)
        {
            _pending.Writer.TryComplete();
            if (error is not OperationCanceledException)
            {
                Progress.Fail(error.Message);
            }

            _ = _stopping.CancelAsync();
            throw;
        }
    }

    private static Task<ChunkResult?> ResultOf(PendingBatch batch) => batch.Work as Task<ChunkResult?> ?? System.Threading.Tasks.Task.FromResult<ChunkResult?>(null);

    /// <summary>Adds the batches that follow until the pace asks for a commit.</summary>
    private async ValueTask GatherAsync(CommitGroup group)
    {
        while (_pacer.MayWait(group.Bytes))
        {
            if (!_pending.Reader.TryPeek(out var next))
            {
                if (!await _pacer.WaitAsync(_pending.Reader.WaitToReadAsync(_stopping.Token).AsTask()))
                {
                    return;
                }

                continue;
            }

            var work = ResultOf(next);
            if (!work.IsCompleted && !await _pacer.WaitAsync(work.ContinueWith(static _ => true, TaskScheduler.Current)))
            {
                return;
            }

            _pending.Reader.TryRead(out _);
            group.Add(next, await work);
        }
    }

    private async ValueTask CommitAsync(CommitGroup group)
    {
        if (group.Result is { } result)
        {
            await _patience.ExecuteAsync(
                static async (state, token) =>
                {
                    await state.Result.DeliverAsync(state.Task, state.Group.FirstOffset, state.Group.NextOffset, token);
                    return true;
                },
                (Result: result, Task, Group: group),
                _stopping.Token);
        }

        var commit = group.Result?.ToCommit(Task, _epoch, group.FirstOffset, group.NextOffset)
            ?? new Commit(Task, _epoch, group.FirstOffset, group.NextOffset, [], [], 0);
        await _patience.ExecuteAsync(
            static async (state, token) =>
            {
                await state.Checkpoints.CommitAsync(state.Commit, token);
                return true;
            },
            (_settings.Checkpoints, Commit: commit),
            _stopping.Token);

        _pacer.Committed();
        Progress.Committed(group.NextOffset, group.Batches.Sum(batch => batch.Work is null ? 0 : batch.NextOffset - batch.FirstOffset), commit.DeadLetters);
        group.Batches.ForEach(Progress.Committed);
        _readAhead.Release(group.Bytes);
    }
}
