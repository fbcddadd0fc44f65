namespace Orleans.Pipeline.Grains;

/// <summary>One pipeline: does what operators ask, one request at a time. The key is the pipeline's name.</summary>
[Alias("pipeline.pipeline")]
internal interface IPipelineGrain : IGrainWithStringKey
{
    /// <summary>Tells how every task of the pipeline is doing.</summary>
    [Alias("report")]
    Task<PipelineReport> ReportAsync();

    /// <summary>Stops taking in records, over restarts; completes when what was in flight is committed.</summary>
    [Alias("pause")]
    Task PauseAsync();

    /// <summary>Goes on from the committed offsets.</summary>
    [Alias("resume")]
    Task ResumeAsync();

    /// <summary>Moves tasks to other offsets.</summary>
    /// <param name="moves">Which tasks, and where to; checked before.</param>
    [Alias("seek")]
    Task SeekAsync(IReadOnlyList<TaskMove> moves);

    /// <summary>Begins to drain, or goes on draining; waits for some seconds at most.</summary>
    /// <returns>How far it is; ask again while it is draining.</returns>
    [Alias("drain")]
    Task<DrainState> DrainAsync();
}
