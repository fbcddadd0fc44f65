using System.Runtime.ExceptionServices;
using Orleans.Storage;

namespace Orleans.Pipeline.Grains.Checkpoints;

/// <summary>
/// Makes a processor's commits by writing the grain's state. A retried commit comes from outside the grain, so each commit first
/// returns to the grain's scheduler.
/// </summary>
internal sealed class GrainCommitter(IPersistentState<TaskState> state) : ICommitter
{
    private readonly TaskScheduler _grain = TaskScheduler.Current;

    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default) =>
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
