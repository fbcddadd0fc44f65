namespace Orleans.Pipeline.Grains;

/// <summary>Carries out operators' requests to one pipeline, one at a time. The key is the pipeline's name.</summary>
[Alias("pipeline.pipeline")]
internal interface IPipelineGrain : IGrainWithStringKey
{
    [Alias("report")]
    Task<PipelineReport> ReportAsync();

    /// <summary>Stops reading records, across restarts too. Completes when the records in flight are committed.</summary>
    [Alias("pause")]
    Task PauseAsync();

    /// <summary>Continues from the committed offsets.</summary>
    [Alias("resume")]
    Task ResumeAsync();

    /// <param name="moves">The tasks and their new offsets, already validated.</param>
    [Alias("seek")]
    Task SeekAsync(IReadOnlyList<TaskMove> moves);

    /// <summary>Starts or continues draining, and waits for some seconds at most.</summary>
    /// <returns>The drain's state. Call again while the pipeline is draining.</returns>
    [Alias("drain")]
    Task<DrainState> DrainAsync();
}
