namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>
/// Raised when the file of a segment is not there. The row that refers to it may be of an old snapshot: retention has removed the segment
/// since.
/// </summary>
internal sealed class SegmentGoneException(long number, string path, Exception? missing = null) : Exception(
    $"The segment file '{path}' is missing, but the database refers to it. Stop the host, and put the file back or restore a backup.",
    missing)
{
    public long Number { get; } = number;
}
