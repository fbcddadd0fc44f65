using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <param name="Segment">The number of the segment.</param>
/// <param name="Position">The position of the first byte in the segment.</param>
/// <param name="Bytes">The number of bytes.</param>
internal readonly record struct SegmentPlace(long Segment, long Position, int Bytes)
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = "segment, segment_position, segment_bytes";

    /// <summary>The size of a batch, wherever it is. The blob itself is not read.</summary>
    public const string BatchBytes = "coalesce(segment_bytes, length(batch))";

    /// <summary>Reads the place of a batch; null if the batch is in its row.</summary>
    /// <param name="statement">A statement on a row.</param>
    /// <param name="column">The first of the <see cref="Columns"/>.</param>
    public static SegmentPlace? Read(Statement statement, int column) => statement.IsNull(column)
        ? null
        : new(statement.Integer(column), statement.Integer(column + 1), (int)statement.Integer(column + 2));
}
