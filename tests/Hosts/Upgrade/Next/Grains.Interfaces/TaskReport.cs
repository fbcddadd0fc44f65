namespace Orleans.Pipeline.Grains;

/// <content>The next version tells more of a task.</content>
internal sealed partial record TaskReport
{
    /// <summary>What a present version does not tell.</summary>
    [Id(19)]
    public Dictionary<string, long>? More { get; init; } = new() { ["of the next version"] = 1 };
}
