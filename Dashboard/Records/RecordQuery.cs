namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>Where browsing begins.</summary>
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

/// <summary>Which records of a topic are asked for.</summary>
/// <param name="Place">Where to begin.</param>
/// <param name="Partition">Only this partition; null for all.</param>
/// <param name="Offset">The offset, for <see cref="RecordPlace.Offset"/>.</param>
/// <param name="Time">The time, for <see cref="RecordPlace.Time"/>.</param>
/// <param name="Text">Only records that hold this text in key, value or headers, whatever its case; empty for all.</param>
public sealed record RecordQuery(
    RecordPlace Place, int? Partition = null, long? Offset = null, DateTimeOffset? Time = null, string Text = "")
{
    /// <summary>Whether it looks from the newest record back.</summary>
    public bool IsBackward => Place == RecordPlace.Newest;
}
