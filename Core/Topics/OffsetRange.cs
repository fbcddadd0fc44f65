namespace Orleans.Pipeline;

/// <summary>A range of consecutive records of a partition.</summary>
/// <param name="First">The offset of the first record.</param>
/// <param name="Next">One past the offset of the last record; above <paramref name="First"/>.</param>
public readonly record struct OffsetRange(long First, long Next)
{
    /// <summary>Gets the number of offsets in the range.</summary>
    public long Count => Next - First;

    /// <summary>Returns the offsets as <c>3..7</c>, the last one included.</summary>
    public override string ToString() => $"{First}..{Next - 1}";

    /// <exception cref="ArgumentException">There are no ranges, one is empty, or they are out of order or overlap.</exception>
    internal static void Validate(IReadOnlyList<OffsetRange> ranges)
    {
        if (ranges.Count == 0)
        {
            throw new ArgumentException("There are no ranges. Give at least one.", nameof(ranges));
        }

        for (var index = 0; index < ranges.Count; index++)
        {
            var (range, before) = (ranges[index], index == 0 ? 0 : ranges[index - 1].Next);
            if (range.First < before || range.Next <= range.First)
            {
                throw new ArgumentException(
                    $"Range {range} is empty or does not come after the one before it. Give ranges in order that do not overlap.",
                    nameof(ranges));
            }
        }
    }
}
