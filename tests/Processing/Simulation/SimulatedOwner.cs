using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>One life of a task's owner: it takes over, reads from the committed offset on, and ends in one way or another.</summary>
internal sealed class SimulatedOwner(SimulationRun run, SimulatedSource source)
{
    private readonly Queue<(long NextOffset, int Bytes)> _held = [];
    private readonly TaskProgress _progress = new(run.Time);
    private PartitionProcessor? _processor;
    private long _epoch;

    public Node Node { get; } = new();

    public TaskId Task { get; } = new("simulated", "work", source.Partition.Partition);

    /// <summary>Takes over and hands batches in, up to a number or until the source ends. Ends early if fenced.</summary>
    public async Task ReadAsync(int batches)
    {
        var processor = _processor ??= await StartAsync();
        try
        {
            while (batches-- > 0 && processor.NextAccepted < source.End)
            {
                processor.SkipTo(source.NextKept(processor.NextAccepted));
                if (processor.NextAccepted < source.End)
                {
                    await HandInAsync(processor);
                }

                await run.Network.PauseAsync();
            }
        }
        catch (TaskFencedException)
        {
            ExpectNewerOwner();
        }
    }

    /// <summary>Commits all that was accepted, and nothing runs any more.</summary>
    public async Task DrainAsync()
    {
        try
        {
            await _processor!.DrainAsync();
            run.Expect(_processor.Completion.IsCompletedSuccessfully, "a drained processor has not completed");
            run.Expect(
                _progress.NextOffset == _processor.NextAccepted,
                $"drained at {_progress.NextOffset} although {_processor.NextAccepted} was accepted");
        }
        catch (TaskFencedException)
        {
            ExpectNewerOwner();
        }

        await DisposeAsync();
    }

    /// <summary>Abandons what is not committed.</summary>
    public async Task DisposeAsync()
    {
        if (_processor is not null)
        {
            await _processor.DisposeAsync();
            run.Expect(Node.Working == 0, $"{Node.Working} workers are at it after a dispose");
            run.Expect(_processor.Completion.IsCompleted, "a processor has not ended after a dispose");
        }
    }

    private async Task<PartitionProcessor> StartAsync()
    {
        var store = run.Store.For(Node);
        var checkpoint = await run.UntilItSucceedsAsync(() => store.TakeOverAsync(Task, source.Partition, startOffset: 0));
        _epoch = checkpoint.Epoch;
        await run.UntilItSucceedsAsync(async () =>
        {
            await run.Pipeline.Program.OpenAsync(Task, checkpoint.NextOffset, CancellationToken.None);
            return true;
        });
        var profile = run.Pipeline.Definition.Profile;
        return new PartitionProcessor(
            checkpoint,
            new ProcessorSettings
            {
                Profile = profile,
                ReadAheadBytes = profile.ReadAheadBytes,
                Workers = new SimulatedWorkers(run.Network, run.Pipeline.Program, Node),
                Committer = store,
                Logger = NullLogger.Instance,
                TimeProvider = run.Time,
                Random = run.Random,
            },
            _progress);
    }

    private async Task HandInAsync(PartitionProcessor processor)
    {
        var expected = processor.NextAccepted;
        var batch = source.Read(expected);
        using var impatience = new CancellationTokenSource();
        if (run.Network.Happens(in100: 10))
        {
            run.CancelLater(impatience);
        }

        try
        {
            await processor.AcceptAsync(batch, impatience.Token);
        }
        catch (OffsetGapException gap)
        {
            run.Expect(
                batch.BaseOffset > expected && gap.Expected == expected, $"a batch at {batch.BaseOffset} was refused: {gap.Message}");
            return;
        }
        catch (OperationCanceledException) when (impatience.IsCancellationRequested)
        {
            run.Expect(processor.NextAccepted == expected, "a batch was taken although the call was cancelled");
            return;
        }

        run.Expect(batch.BaseOffset <= expected, $"a gap from {expected} to {batch.BaseOffset} was accepted");
        run.Expect(
            processor.NextAccepted == Math.Max(expected, batch.NextOffset),
            $"after a batch up to {batch.NextOffset}, {processor.NextAccepted} is next");
        if (processor.NextAccepted > expected)
        {
            ExpectWithinReadAhead(processor.NextAccepted, batch.UnpackedBytes);
        }
    }

    private void ExpectWithinReadAhead(long nextOffset, int bytes)
    {
        _held.Enqueue((nextOffset, bytes));
        while (_held.TryPeek(out var oldest) && oldest.NextOffset <= _progress.NextOffset)
        {
            _held.Dequeue();
        }

        var sum = _held.Sum(batch => batch.Bytes);
        var limit = run.Pipeline.Definition.Profile.ReadAheadBytes;
        run.Expect(sum <= limit || _held.Count <= 1, $"{sum} bytes are held in {_held.Count} batches; {limit} are allowed");
    }

    private void ExpectNewerOwner() =>
        run.Expect(run.Store.Of(Task).Epoch > _epoch, $"the newest owner, of epoch {_epoch}, was fenced");
}
