namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <param name="Number">The number, which is in the name of its file.</param>
/// <param name="End">The end of the committed bytes. What the file has beyond it does not count.</param>
/// <param name="LiveBytes">The bytes of the batches that the log still keeps.</param>
internal sealed record Segment(long Number, long End, long LiveBytes)
{
    /// <summary>Gets whether less than half of the segment is live, so that its batches are worth moving.</summary>
    public bool IsSparse => LiveBytes < End / 2;
}
