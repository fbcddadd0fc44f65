namespace Orleans.Pipeline.Storage.Sqlite.Topics;

/// <summary>
/// Reads the times of a batch's row, of which one of version 2 of the schema has no time of its append: see <c>Files/Schema.cs</c>. All are
/// milliseconds since 1970-01-01T00:00:00Z.
/// </summary>
internal static class BatchTimes
{
    /// <summary>Returns the newest timestamp of the partition up to and with the batch.</summary>
    /// <param name="maximumTimestamp">The row's <c>maximum_timestamp</c>.</param>
    /// <param name="appendedAt">The row's <c>appended_at</c>.</param>
    public static long NewestOf(long maximumTimestamp, long appendedAt) =>
        appendedAt < 0 ? Math.Min(maximumTimestamp, -appendedAt) : maximumTimestamp;

    /// <summary>Returns the time of the append.</summary>
    /// <param name="maximumTimestamp">The row's <c>maximum_timestamp</c>.</param>
    /// <param name="appendedAt">The row's <c>appended_at</c>.</param>
    public static long AppendOf(long maximumTimestamp, long appendedAt) =>
        appendedAt < 0 ? Math.Min(maximumTimestamp, -appendedAt) : appendedAt;

    /// <summary>
    /// Returns whether the batch itself has a record at or after a time. A batch that is dated ahead counts as when it was appended. A
    /// batch of version 2 that is dated after the migration counts by its first record, or not at all.
    /// </summary>
    /// <param name="batch">The batch, of which only the header is read.</param>
    /// <param name="maximumTimestamp">The row's <c>maximum_timestamp</c>.</param>
    /// <param name="appendedAt">The row's <c>appended_at</c>.</param>
    /// <param name="time">The time.</param>
    public static bool Reaches(RecordBatch batch, long maximumTimestamp, long appendedAt, long time) =>
        appendedAt >= 0 || batch.MaximumTimestamp <= -appendedAt
            ? Math.Min(batch.MaximumTimestamp, maximumTimestamp) >= time
            : batch.BaseTimestamp >= time && batch.BaseTimestamp <= -appendedAt;
}
