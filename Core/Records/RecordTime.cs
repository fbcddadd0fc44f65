namespace Orleans.Pipeline;

/// <summary>
/// The range of a record's time, in milliseconds since 1970-01-01T00:00:00Z. The range is that of <see cref="DateTimeOffset"/>, so that
/// every timestamp in a topic can be converted.
/// </summary>
public static class RecordTime
{
    /// <summary>The earliest time: 0001-01-01T00:00:00.000Z.</summary>
    public const long Earliest = -62_135_596_800_000;

    /// <summary>The latest time: 9999-12-31T23:59:59.999Z.</summary>
    public const long Latest = 253_402_300_799_999;

    /// <summary>
    /// How far ahead of its append a record's time counts in a look-up by time: one minute. A record that is dated further ahead, by a
    /// wrong clock or a wrong unit, counts as if it were dated this far ahead.
    /// </summary>
    public static readonly TimeSpan MaximumAhead = TimeSpan.FromMinutes(1);

    /// <summary>Returns whether a time is before 1980. A time of today that was given in seconds and taken for milliseconds is.</summary>
    /// <param name="time">The time.</param>
    public static bool IsBefore1980(DateTimeOffset time) => time.UtcTicks < new DateTime(1980, 1, 1).Ticks;

    /// <summary>Returns whether a record may carry a time.</summary>
    /// <param name="timestamp">The time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    public static bool IsValid(long timestamp) => timestamp is >= Earliest and <= Latest;
}
