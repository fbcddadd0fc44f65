namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>What was found.</summary>
/// <param name="Records">The records, in the order in which they are shown.</param>
/// <param name="Searched">How many records were looked at.</param>
/// <param name="Rest">Where the next page begins; null on the last page.</param>
internal sealed record RecordPage(IReadOnlyList<RecordView> Records, long Searched, RecordWalk? Rest);
