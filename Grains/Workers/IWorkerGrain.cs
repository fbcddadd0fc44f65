namespace Orleans.Pipeline.Grains.Workers;

/// <summary>Runs the stateless steps over chunks, on the caller's silo.</summary>
[Alias("pipeline.worker")]
internal interface IWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Runs a stage's steps over a chunk. A step may wait for another system, so the timeout is one hour.</summary>
    /// <param name="order">The chunk, and the token that is cancelled when its result is not needed any more.</param>
    [Alias("run")]
    [ResponseTimeout("01:00:00")]
    Task<WorkResult> RunAsync(WorkOrder order);
}
