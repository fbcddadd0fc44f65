namespace Orleans.Pipeline.Grains;

/// <summary>One task: one stage of a pipeline on one partition of its source topic. The key is <c>pipeline/stage/partition</c>.</summary>
[Alias("pipeline.partition")]
internal interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes sure that the task has a living owner. It waits but some seconds, because a silo that falls silent just now never answers:
    /// ask again.
    /// </summary>
    [Alias("wake")]
    [ResponseTimeout("00:00:05")]
    Task WakeAsync();

    /// <summary>Tells how the task is doing.</summary>
    [Alias("report")]
    Task<TaskReport> ReportAsync();

    /// <summary>Stops taking in records; completes when what was in flight is committed.</summary>
    [Alias("pause")]
    Task PauseAsync();

    /// <summary>Takes the task over and goes on from the committed offset. Does nothing if it is running.</summary>
    [Alias("resume")]
    Task ResumeAsync();

    /// <summary>Moves the task to another offset under a new epoch, running or paused; what is in flight is abandoned.</summary>
    /// <param name="offset">The first offset to process.</param>
    [Alias("seek")]
    Task SeekAsync(long offset);

    /// <summary>Waits until every offset below one is committed, for some seconds at most.</summary>
    /// <param name="offset">The offset.</param>
    /// <returns>Whether they are committed; false when the wait ran out: ask again.</returns>
    [Alias("when-committed")]
    Task<bool> WhenCommittedAsync(long offset);
}
