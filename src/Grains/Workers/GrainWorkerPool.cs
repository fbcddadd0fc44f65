using Orleans.Pipeline.Processing;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// Has one task's chunks run by worker grains of its silo. No more than a few at once, so that a task with a thousand chunks
/// waiting holds up another's first by those few only.
/// </summary>
internal sealed class GrainWorkerPool(IGrainFactory grains, int concurrency) : IWorkerPool
{
    private readonly IWorkerGrain _worker = grains.GetGrain<IWorkerGrain>(0);
    private readonly SemaphoreSlim _slots = new(concurrency);

    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var result = await _worker.RunAsync(new WorkOrder(chunk, cancellationToken));
            return result.Result ?? throw new WorkerElsewhereException(chunk.Task);
        }
        finally
        {
            _slots.Release();
        }
    }
}
