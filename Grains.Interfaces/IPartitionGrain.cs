namespace Orleans.Pipeline.Grains;

/// <summary>One task: one stage of a pipeline on one partition of its source topic. The key is <c>pipeline/stage/partition</c>.</summary>
[Alias("pipeline.partition")]
internal interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Ensures that the task has a living owner. The call times out after some seconds, because a silo that has just fallen silent never
    /// answers. Call it again then.
    /// </summary>
    [Alias("wake")]
    [ResponseTimeout("00:00:05")]
    Task WakeAsync();

    [Alias("report")]
    Task<TaskReport> ReportAsync();

    /// <summary>Stops reading records. Completes when the records in flight are committed.</summary>
    [Alias("pause")]
    Task PauseAsync();

    /// <summary>Takes the task over and continues from the committed offset. Does nothing if the task is running.</summary>
    [Alias("resume")]
    Task ResumeAsync();

    /// <summary>Moves the task, running or paused, to another offset under a new epoch. Records in flight are abandoned.</summary>
    /// <param name="offset">The first offset to process.</param>
    [Alias("seek")]
    Task SeekAsync(long offset);

    /// <summary>Waits, for some seconds at most, until every offset below the given one is committed.</summary>
    /// <param name="offset">The offset.</param>
    /// <returns>True if they are committed; false if the wait timed out. Call it again then.</returns>
    [Alias("when-committed")]
    Task<bool> WhenCommittedAsync(long offset);
}
