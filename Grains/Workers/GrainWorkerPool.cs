using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// Has one task's chunks run by worker grains of its silo. It asks for no more than a few workers at once, so that a task with a
/// thousand chunks waiting holds up another's first by those few only.
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
            // Orleans does not withdraw a call that timed out: the worker would run on beside the chunk's next worker.
            await stopped.CancelAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }
}
