namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Runs the stateless steps over chunks: on threads when embedded, in stateless worker grains in a cluster. Chunks of one task
/// may run at once; the task puts the results back in order.
/// </summary>
internal interface IWorkerPool
{
    /// <summary>
    /// Runs a stage's steps over a chunk. Running the same chunk again gives the same result, so a failed call may be repeated.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Cancelled when the task stops and no longer needs the result.</param>
    ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken);
}
