using System.Threading.Channels;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>Workers that run a chunk when the test releases it.</summary>
internal sealed class HeldWorkers(StageProgram program) : IWorkerPool
{
    private readonly Channel<(Chunk Chunk, TaskCompletionSource Go)> _begun = Channel.CreateUnbounded<(Chunk, TaskCompletionSource)>();

    /// <summary>Whether chunks run at once.</summary>
    public bool AreFree { get; init; }

    public async ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun.Writer.TryWrite((chunk, go));
        if (!AreFree)
        {
            await go.Task;
        }

        return await program.RunAsync(chunk, CancellationToken.None);
    }

    /// <summary>Waits for the next chunk to arrive.</summary>
    public async Task<(Chunk Chunk, TaskCompletionSource Go)> NextAsync() => await _begun.Reader.ReadAsync();
}
