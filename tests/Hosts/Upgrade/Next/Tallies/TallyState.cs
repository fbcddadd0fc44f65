namespace Orleans.Pipeline.Tallies;

/// <content>The next version remembers more.</content>
public sealed partial class TallyState
{
    /// <summary>Bumped by whichever next version counts; a present version does not know it, and forgets it when it writes.</summary>
    [Id(3)]
    public string[]? Notes { get; set; } = ["of the next version"];
}
