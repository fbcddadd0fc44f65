namespace Orleans.Pipeline;

/// <summary>The kind of position that a seek moves to.</summary>
public enum SeekPosition
{
    /// <summary>The first record still kept.</summary>
    Start,

    /// <summary>After the last record.</summary>
    End,

    /// <summary>The offset in <see cref="SeekTarget.Offset"/>.</summary>
    Offset,

    /// <summary>The first batch that holds a record at or after <see cref="SeekTarget.Time"/>.</summary>
    Time,
}

/// <summary>The tasks of a pipeline that a seek moves, and the position that it moves them to.</summary>
public sealed record SeekTarget
{
    /// <summary>The kind of position.</summary>
    public required SeekPosition Position { get; init; }

    /// <summary>The offset, for <see cref="SeekPosition.Offset"/>; it must lie within each partition moved.</summary>
    public long? Offset { get; init; }

    /// <summary>The time, for <see cref="SeekPosition.Time"/>.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The stage to move; null for the pipeline's first stage. Default null.</summary>
    public string? Stage { get; init; }

    /// <summary>The partition to move; null for all. Default null.</summary>
    public int? Partition { get; init; }

    /// <summary>Moves to the first record still kept.</summary>
    public static SeekTarget Start { get; } = new() { Position = SeekPosition.Start };

    /// <summary>Moves behind the last record.</summary>
    public static SeekTarget End { get; } = new() { Position = SeekPosition.End };

    /// <summary>Moves to an offset of one partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset.</param>
    public static SeekTarget At(int partition, long offset) =>
        new() { Position = SeekPosition.Offset, Partition = partition, Offset = offset };

    /// <summary>Moves to a time.</summary>
    /// <param name="time">The time.</param>
    public static SeekTarget At(DateTimeOffset time) => new() { Position = SeekPosition.Time, Time = time };
}
