namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>A page of found records.</summary>
/// <param name="Records">The records, in the order in which they are shown.</param>
/// <param name="Searched">The number of records that were searched.</param>
/// <param name="Rest">Where the next page begins; null on the last page.</param>
internal sealed record RecordPage(IReadOnlyList<RecordView> Records, long Searched, RecordWalk? Rest);
