using Orleans.Concurrency;

namespace Orleans.Pipeline.Grains.Workers;

/// <summary>
/// Runs one chunk at a time; a silo has as many of these as cores, each under a key of its own (<see cref="WorkerSlots"/>).
/// </summary>
[StatelessWorker(maxLocalWorkers: 1)]
internal sealed class WorkerGrain(StagePrograms programs) : Grain, IWorkerGrain
{
    /// <summary>
    /// How many of these a silo has: as many as cores, and at least two, so that a step that hangs does not stop a silo of one core.
    /// </summary>
    public static int Concurrency { get; } = Math.Max(2, Environment.ProcessorCount);

    public async Task<WorkResult> RunAsync(WorkOrder order)
    {
        // Chunk after chunk would otherwise run as one turn, and never give the thread back while any waits; all threads being the
        // workers', nothing else of the silo would run.
        await Task.Yield();
        return order.Chunk is { } chunk
            ? new WorkResult(await programs.ProgramOf(chunk.Task).RunAsync(chunk, order.Stopped))
            : new WorkResult(null);
    }
}
