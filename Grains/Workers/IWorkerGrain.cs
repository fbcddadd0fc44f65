namespace Orleans.Pipeline.Grains.Workers;

/// <summary>Runs the stateless steps over chunks, on the caller's silo.</summary>
[Alias("pipeline.worker")]
internal interface IWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Runs a stage's steps over a chunk. A step may wait for something outside, so there is an hour for it.</summary>
    /// <param name="order">The chunk, and when it is not wanted any more.</param>
    [Alias("run")]
    [ResponseTimeout("01:00:00")]
    Task<WorkResult> RunAsync(WorkOrder order);
}
