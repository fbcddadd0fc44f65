namespace Orleans.Pipeline.Testing.Memory;

/// <summary>The settled records of a partition, as ranges in order that neither overlap nor touch.</summary>
internal sealed class SettledRanges
{
    private readonly List<OffsetRange> _ranges = [];

    public bool Overlaps(OffsetRange range) => _ranges.Exists(settled => settled.First < range.Next && range.First < settled.Next);

    /// <summary>Adds a range that overlaps none, and joins it with those that it touches.</summary>
    public void Add(OffsetRange range)
    {
        var first = _ranges.FindIndex(settled => settled.Next >= range.First);
        first = first < 0 ? _ranges.Count : first;
        var touching = _ranges.Skip(first).TakeWhile(settled => settled.First <= range.Next).ToList();
        _ranges.RemoveRange(first, touching.Count);
        touching.Add(range);
        _ranges.Insert(first, new(touching.Min(settled => settled.First), touching.Max(settled => settled.Next)));
    }

    public IReadOnlyList<OffsetRange> List(long offset, int maximumCount) =>
        [.. _ranges.Where(settled => settled.Next > offset).Take(maximumCount)];

    /// <summary>Forgets the ranges that end at or before an offset.</summary>
    public void Forget(long offset) => _ranges.RemoveAll(settled => settled.Next <= offset);
}
