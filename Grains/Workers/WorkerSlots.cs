using System.Collections.Concurrent;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// The silo's worker grains. Each runs one chunk at a time; chunks are served in order of arrival. A call to a stateless worker grain with
/// several activations can be queued behind a busy activation while another is idle. Behind a step that hangs, the call waits forever. So
/// every worker here has its own key, and is called only while it is free.
/// </summary>
internal sealed class WorkerSlots(IGrainFactory grains)
{
    private readonly SemaphoreSlim _free = new(WorkerGrain.Concurrency);
    private readonly ConcurrentStack<IWorkerGrain> _workers = new(
        Enumerable.Range(0, WorkerGrain.Concurrency).Select(key => grains.GetGrain<IWorkerGrain>(key)));

    /// <summary>Runs a chunk on the next free worker.</summary>
    /// <param name="order">The chunk.</param>
    /// <param name="cancellationToken">Stops waiting for a worker.</param>
    public async Task<WorkResult> RunAsync(WorkOrder order, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        if (!_workers.TryPop(out var worker))
        {
            throw new InvalidOperationException("No worker is free, although one was counted.");
        }

        try
        {
            return await worker.RunAsync(order);
        }
        finally
        {
            _workers.Push(worker);
            _free.Release();
        }
    }
}
