namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>The place where browsing begins.</summary>
public enum RecordPlace
{
    /// <summary>With the newest records.</summary>
    Newest,

    /// <summary>With the first ones kept.</summary>
    Oldest,

    /// <summary>At an offset of one partition.</summary>
    Offset,

    /// <summary>With the first record at or after a time.</summary>
    Time,
}

/// <summary>A query for records of a topic.</summary>
/// <param name="Place">The place to begin at.</param>
/// <param name="Partition">Only this partition; null for all.</param>
/// <param name="Offset">The offset, for <see cref="RecordPlace.Offset"/>.</param>
/// <param name="Time">The time, for <see cref="RecordPlace.Time"/>.</param>
/// <param name="Text">Only records that have this text in key, value or headers, ignoring case; empty for all.</param>
public sealed record RecordQuery(
    RecordPlace Place, int? Partition = null, long? Offset = null, DateTimeOffset? Time = null, string Text = "")
{
    /// <summary>Whether the query reads from the newest record back.</summary>
    public bool IsBackward => Place == RecordPlace.Newest;
}
