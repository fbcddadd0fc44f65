namespace Orleans.Pipeline.Tallies;

/// <summary>What a tally remembers.</summary>
[GenerateSerializer, Alias("upgrade.tally-state")]
public sealed partial class TallyState
{
    /// <summary>The first offset not yet counted.</summary>
    [Id(0)]
    public long NextOffset { get; set; }

    /// <summary>Records counted. As many as the next offset, unless some were missed or counted twice.</summary>
    [Id(1)]
    public long Records { get; set; }

    /// <summary>Drawn when there was no state, so a new value means that the state was lost.</summary>
    [Id(2)]
    public Guid Life { get; set; }
}
