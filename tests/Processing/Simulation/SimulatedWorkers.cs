using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>Workers that are slow, lost, or whose answer is lost. Some continue after they should have stopped.</summary>
internal sealed class SimulatedWorkers(Network network, StageProgram program, Node node) : IWorkerPool
{
    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        node.Working++;
        try
        {
            return await network.CallAsync(
                node,
                () => program.RunAsync(chunk, network.Happens(in100: 50) ? cancellationToken : CancellationToken.None),
                cancellationToken);
        }
        finally
        {
            node.Working--;
        }
    }
}
