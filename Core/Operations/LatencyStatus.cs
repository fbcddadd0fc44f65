using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline;

/// <summary>
/// Time from record timestamp to committed effect, since the process started. Every record of a batch counts with the timestamp
/// of the batch's first, so the figures are upper bounds.
/// </summary>
/// <param name="Count">Records measured.</param>
/// <param name="P50Ms">The median, in milliseconds.</param>
/// <param name="P99Ms">The 99th percentile, in milliseconds.</param>
/// <param name="MaximumMs">The longest, in milliseconds.</param>
public sealed record LatencyStatus(long Count, double P50Ms, double P99Ms, double MaximumMs)
{
    /// <summary>The count of each bucket; empty for a status that came over a wire.</summary>
    internal ReadOnlyMemory<long> Buckets { get; init; }

    /// <summary>
    /// Returns the latency of the records committed between two statuses of one engine, which is the recent latency. It is known in
    /// the engine's own process only. A status that came over a wire is returned as it is.
    /// </summary>
    /// <param name="earlier">The status before; null for everything so far.</param>
    public LatencyStatus Since(LatencyStatus? earlier) =>
        earlier is null || Buckets.IsEmpty ? this : LatencyHistogram.Between(earlier, this);

    /// <summary>Compares the figures.</summary>
    /// <param name="other">The status to compare with.</param>
    public bool Equals(LatencyStatus? other) =>
        other is not null && (Count, P50Ms, P99Ms, MaximumMs) == (other.Count, other.P50Ms, other.P99Ms, other.MaximumMs);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Count, P50Ms, P99Ms, MaximumMs);
}
