using System.Runtime.ExceptionServices;
using Orleans.Storage;

namespace Orleans.Pipeline.Grains.Checkpoints;

/// <summary>
/// Makes a processor's commits by writing the grain's state. A commit that is tried again comes from outside the grain, so each
/// is brought back to the grain's scheduler first.
/// </summary>
internal sealed class GrainCheckpoints(IPersistentState<TaskState> state, ICheckpointStore store) : ICheckpointStore
{
    private readonly TaskScheduler _grain = TaskScheduler.Current;

    public ValueTask PrepareTableAsync(TableSchema table, CancellationToken cancellationToken) => store.PrepareTableAsync(table, cancellationToken);

    public ValueTask<Checkpoint> TakeOverAsync(TaskId task, TopicPartition source, long startOffset, CancellationToken cancellationToken) =>
        store.TakeOverAsync(task, source, startOffset, cancellationToken);

    public ValueTask<Position> TakeOverPositionAsync(TaskId task, CancellationToken cancellationToken) => store.TakeOverPositionAsync(task, cancellationToken);

    public ValueTask<Checkpoint> SeekAsync(TaskId task, long offset, CancellationToken cancellationToken) => store.SeekAsync(task, offset, cancellationToken);

    public ValueTask<IReadOnlyList<Checkpoint>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public ValueTask SetPausedAsync(string pipeline, bool paused, CancellationToken cancellationToken) =>
        store.SetPausedAsync(pipeline, paused, cancellationToken);

    public ValueTask<bool> IsPausedAsync(string pipeline, CancellationToken cancellationToken) => store.IsPausedAsync(pipeline, cancellationToken);

    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken) =>
        await await Task.Factory.StartNew(() => WriteAsync(commit), cancellationToken, TaskCreationOptions.None, _grain);

    private async Task WriteAsync(Commit commit)
    {
        state.State.Pending = commit;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException error)
        {
            throw error.InnerException as TaskFencedException ?? new TaskFencedException(commit.Task, error.Message);
        }
        catch (OrleansException error) when (error.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }
}
