using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// Runs one task's chunks on the worker grains of its silo. A task uses only a few workers at once, so a task with a thousand waiting
/// chunks delays another task's first chunk by only those few.
/// </summary>
internal sealed class GrainWorkerPool(WorkerSlots workers, int concurrency) : IWorkerPool
{
    private readonly SemaphoreSlim _slots = new(concurrency);

    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var result = await workers.RunAsync(new WorkOrder(chunk, stopped.Token), cancellationToken);
            return result.Result ?? throw new WrongSiloException(chunk.Task);
        }
        catch (TimeoutException)
        {
            // Orleans does not withdraw a call that timed out. Without the cancellation, two workers would run the chunk at the same time.
            await stopped.CancelAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }
}
