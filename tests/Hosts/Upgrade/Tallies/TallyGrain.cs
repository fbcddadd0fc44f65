using Orleans.Concurrency;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Pipeline.Tallies;

/// <summary>
/// A user's grain that reads a partition as an Orleans stream, on whichever silo it happens to be, and keeps its own state: the batches
/// come from the partition's owner, so they travel between silos, and between versions.
/// </summary>
[ImplicitStreamSubscription("numbers"), Reentrant]
public sealed class TallyGrain([PersistentState("tally", TallyGrain.Storage)] IPersistentState<TallyState> state)
    : Grain, ITallyGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<RecordBatch>
{
    /// <summary>The grain storage that it wants.</summary>
    public const string Storage = "tallies";

    private readonly SemaphoreSlim _counting = new(1);
    private TaskCompletionSource _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<RecordBatch>().ResumeAsync(this, new EventSequenceTokenV2(state.State.NextOffset));

    public async Task OnNextAsync(IList<SequentialItem<RecordBatch>> items)
    {
        await _counting.WaitAsync();
        try
        {
            if (state.State.Life == Guid.Empty)
            {
                state.State.Life = Guid.NewGuid();
            }

            foreach (var batch in items.Select(item => item.Item).Where(batch => batch.NextOffset > state.State.NextOffset))
            {
                state.State.Records += batch.NextOffset - Math.Max(batch.BaseOffset, state.State.NextOffset);
                state.State.NextOffset = batch.NextOffset;
            }

            await state.WriteStateAsync();
        }
        finally
        {
            _counting.Release();
        }

        _counted.SetResult();
        _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnCompletedAsync() => Task.CompletedTask;

    public async Task<TallyState> ReadAsync(long offset)
    {
        while (state.State.NextOffset < offset)
        {
            await _counted.Task;
        }

        return state.State;
    }
}
