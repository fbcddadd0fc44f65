using System.Buffers;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>Splits a body into lines as it arrives, and counts them.</summary>
/// <param name="limit">The most bytes of a line, without its end.</param>
internal sealed class NdjsonLines(int limit)
{
    private const int LineEndBytes = 2;

    /// <summary>How many bytes at the start of the rest were looked at and hold no end of a line.</summary>
    private long _scanned;

    /// <summary>The number of the line taken last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Which line was taken last.</summary>
    public RecordPosition Position => new("Line", Number);

    /// <summary>Takes the next line, if it is all there.</summary>
    /// <param name="rest">What arrived and was not taken yet; it then begins behind the line.</param>
    /// <param name="isLast">Whether no more will arrive.</param>
    /// <param name="line">The line, without its line feed.</param>
    /// <exception cref="InvalidRecordException">The line is longer than any record may be.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        var end = rest.Slice(_scanned).PositionOf((byte)'\n');
        line = end is null ? rest : rest.Slice(0, end.Value);
        if (end is null && line.Length <= limit + LineEndBytes && (!isLast || rest.IsEmpty))
        {
            _scanned = rest.Length;
            return false;
        }

        Number++;
        _scanned = 0;
        if (line.Length > limit + LineEndBytes)
        {
            throw new InvalidRecordException(Position, $"it has {(end is null ? "over " : "")}{line.Length} bytes; the limit of a record is {limit}.");
        }

        rest = end is null ? rest.Slice(rest.End) : rest.Slice(rest.GetPosition(1, end.Value));
        return true;
    }
}
