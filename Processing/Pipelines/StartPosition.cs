namespace Orleans.Pipeline;

/// <summary>The position at which a stage begins on a partition that it has never read.</summary>
public enum StartPosition
{
    /// <summary>The first record kept.</summary>
    Start,

    /// <summary>The next record appended.</summary>
    End,
}
