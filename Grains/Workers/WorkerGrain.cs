using Orleans.Concurrency;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// Runs one chunk at a time. A silo has <see cref="Concurrency"/> of these grains, each under its own key (<see cref="WorkerSlots"/>).
/// </summary>
[StatelessWorker(maxLocalWorkers: 1)]
internal sealed class WorkerGrain(StagePrograms programs) : Grain, IWorkerGrain
{
    /// <summary>
    /// Gets the number of worker grains of a silo: one per core, but at least two, so that a step that hangs does not stop a silo with one
    /// core.
    /// </summary>
    public static int Concurrency { get; } = Math.Max(2, Environment.ProcessorCount);

    public async Task<WorkResult> RunAsync(WorkOrder order)
    {
        // Without the yield, chunk after chunk would run as one turn and keep the thread as long as chunks wait. If workers kept all
        // threads, nothing else on the silo would run.
        await Task.Yield();
        return order.Chunk is { } chunk
            ? new WorkResult(await programs.ProgramOf(chunk.Task).RunAsync(chunk, order.Stopped))
            : new WorkResult(null);
    }
}
