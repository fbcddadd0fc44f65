namespace Orleans.Pipeline.Grains;

/// <content>The next version tells more of a task.</content>
internal partial struct TaskReportSurrogate
{
    /// <summary>What a present version does not tell.</summary>
    [Id(19)]
    public Dictionary<string, long>? More;

    public TaskReportSurrogate() => More = new() { ["of the next version"] = 1 };
}
