namespace Orleans.Pipeline.Client;

/// <summary>The place where a consumer begins to read. The default value is <see cref="Start"/>.</summary>
public readonly struct ConsumeFrom
{
    private ConsumeFrom(StartKind kind) => Kind = kind;

    /// <summary>The first record that each partition still keeps.</summary>
    public static ConsumeFrom Start { get; } = new(StartKind.Start);

    /// <summary>The end of each partition: only records appended later are read.</summary>
    public static ConsumeFrom End { get; } = new(StartKind.End);

    internal StartKind Kind { get; }

    internal DateTimeOffset At { get; private init; }

    internal long FixedOffset { get; private init; }

    internal ConsumerPositions? Saved { get; private init; }

    /// <summary>
    /// The first record of each partition that has this time or a later one; the end of a partition whose records are all older. As in
    /// Kafka, the records after that one are read whatever their times.
    /// </summary>
    /// <param name="time">The time.</param>
    public static ConsumeFrom Time(DateTimeOffset time) => new(StartKind.Time) { At = time };

    /// <summary>The same offset in each partition that is read.</summary>
    /// <param name="offset">The offset, 0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public static ConsumeFrom Offset(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new(StartKind.Offset) { FixedOffset = offset };
    }

    /// <summary>An offset for each partition. A partition without one is read from the start.</summary>
    /// <param name="offsets">The offset of the first record to read, by partition.</param>
    /// <exception cref="ArgumentOutOfRangeException">A partition or an offset is negative.</exception>
    public static ConsumeFrom Offsets(IReadOnlyDictionary<int, long> offsets) => Positions(new ConsumerPositions(offsets));

    /// <summary>The saved <see cref="Consumer.Positions"/> of a consumer. A partition without a position is read from the start.</summary>
    /// <param name="positions">The positions.</param>
    public static ConsumeFrom Positions(ConsumerPositions positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        return new(StartKind.Positions) { Saved = positions };
    }

    /// <summary>Returns the place in words, such as <c>start</c> or <c>positions 0:17,1:5</c>.</summary>
    public override string ToString() => Kind switch
    {
        StartKind.Start => "start",
        StartKind.End => "end",
        StartKind.Time => $"time {At:O}",
        StartKind.Offset => $"offset {FixedOffset}",
        _ => $"positions {Saved}",
    };
}

internal enum StartKind
{
    Start,
    End,
    Time,
    Offset,
    Positions,
}
