using System.Numerics;

namespace Orleans.Pipeline.Operations;

/// <summary>
/// Counts milliseconds in buckets whose width grows with the value: exact below 64, then 32 buckets to each doubling, so a
/// percentile is at most 3.2 % too high. The layout is that of HdrHistogram (hdrhistogram.org), with fixed precision.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Exact = 64;
    private const int PerDoubling = 32;
    private const int Doublings = 32;

    private readonly long[] _counts = new long[Exact + (Doublings * PerDoubling)];

    public long Count { get; private set; }

    public long Maximum { get; private set; }

    /// <summary>Gets the counts by bucket, without the empty buckets above the highest. A histogram travels in this form.</summary>
    public long[] Counts => _counts[..(Array.FindLastIndex(_counts, count => count > 0) + 1)];

    public void Record(long milliseconds, long count)
    {
        milliseconds = Math.Clamp(milliseconds, 0, uint.MaxValue);
        _counts[BucketOf(milliseconds)] += count;
        Count += count;
        Maximum = Math.Max(Maximum, milliseconds);
    }

    public void Add(LatencyHistogram other) => Add(other._counts, other.Maximum);

    public void Add(ReadOnlySpan<long> counts, long maximum)
    {
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            _counts[bucket] += counts[bucket];
            Count += counts[bucket];
        }

        Maximum = Math.Max(Maximum, maximum);
    }

    /// <summary>Returns the value that a share of the counts, from 0 to 1, does not exceed; 0 without counts.</summary>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var bucket = 0; bucket < _counts.Length && left > 0; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
            {
                return Math.Min(UpperBoundOf(bucket), Maximum);
            }
        }

        return 0;
    }

    public LatencyStatus ToStatus() => new(Count, Percentile(0.5), Percentile(0.99), Maximum) { Buckets = Counts };

    /// <summary>
    /// Returns the latency of the records counted between two statuses. A task that restarted meanwhile counts from zero again;
    /// buckets that would be negative count as zero.
    /// </summary>
    public static LatencyStatus Between(LatencyStatus earlier, LatencyStatus later)
    {
        var before = earlier.Buckets.Span;
        var counts = later.Buckets.ToArray();
        for (var bucket = 0; bucket < Math.Min(counts.Length, before.Length); bucket++)
        {
            counts[bucket] = Math.Max(0, counts[bucket] - before[bucket]);
        }

        var between = new LatencyHistogram();
        var highest = Array.FindLastIndex(counts, count => count > 0);
        between.Add(counts, highest < 0 ? 0 : Math.Min(UpperBoundOf(highest), (long)later.MaximumMs));
        return between.ToStatus();
    }

    private static int BucketOf(long value)
    {
        if (value < Exact)
        {
            return (int)value;
        }

        var doubling = BitOperations.Log2((ulong)value) - 6;
        return Exact + (doubling * PerDoubling) + (int)(value >> (doubling + 1)) - PerDoubling;
    }

    private static long UpperBoundOf(int bucket)
    {
        if (bucket < Exact)
        {
            return bucket;
        }

        var doubling = (bucket - Exact) / PerDoubling;
        return ((long)(((bucket - Exact) % PerDoubling) + PerDoubling + 1) << (doubling + 1)) - 1;
    }
}
