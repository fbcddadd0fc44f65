using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Testing.Calls;

/// <summary>Runs the steps on the scheduler of the task.</summary>
internal sealed class GatedWorkers(Func<TaskId, StageProgram> programOf, CallGate gate) : IWorkerPool
{
    public ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var first = chunk.Batch.BaseOffset + chunk.Skip;
        return gate.PassAsync(
            new(PipelineCall.Steps, chunk.Task, Call.OffsetsOf(first, first + chunk.Count - 1)),
            () => programOf(chunk.Task).RunAsync(chunk, cancellationToken));
    }
}
