namespace Orleans.Pipeline.Grains;

/// <content>The next version reports more about a task.</content>
internal sealed partial record TaskReport
{
    /// <summary>A member that the present version does not have.</summary>
    [Id(19)]
    public Dictionary<string, long>? More { get; init; } = new() { ["of the next version"] = 1 };
}
