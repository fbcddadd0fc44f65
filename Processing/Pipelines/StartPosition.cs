namespace Orleans.Pipeline;

/// <summary>Where a stage begins on a partition that it has never read.</summary>
public enum StartPosition
{
    /// <summary>With the first record kept.</summary>
    Start,

    /// <summary>With the next record appended.</summary>
    End,
}
