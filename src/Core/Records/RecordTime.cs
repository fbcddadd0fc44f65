namespace Orleans.Pipeline.Records;

/// <summary>
/// The times a record may carry: those of <see cref="DateTimeOffset"/>, in milliseconds since 1970-01-01T00:00:00Z, so that
/// every timestamp in a topic can be converted to one.
/// </summary>
internal static class RecordTime
{
    /// <summary>0001-01-01T00:00:00.000Z.</summary>
    public const long Earliest = -62_135_596_800_000;

    /// <summary>9999-12-31T23:59:59.999Z.</summary>
    public const long Latest = 253_402_300_799_999;

    public static bool IsValid(long timestamp) => timestamp is >= Earliest and <= Latest;
}
