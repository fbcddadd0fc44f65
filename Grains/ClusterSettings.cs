namespace Orleans.Pipeline.Grains;

/// <summary>How pipelines run on each silo of a cluster.</summary>
public sealed record ClusterSettings
{
    /// <summary>
    /// The most bytes that all tasks of a silo together hold that are read but not committed; each task of the cluster gets an equal
    /// share, at most what its profile says. Default 256 MiB.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>How often retention is applied. Default every minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a silo looks for topics that were created on another. Default every 5 s.</summary>
    public TimeSpan TopicRefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for what is in flight to commit before abandoning it. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAheadBytes, 1 << 20, nameof(ReadAheadBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetentionInterval, TimeSpan.Zero, nameof(RetentionInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TopicRefreshInterval, TimeSpan.Zero, nameof(TopicRefreshInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero, nameof(StopTimeout));
    }
}
