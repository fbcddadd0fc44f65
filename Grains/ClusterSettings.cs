namespace Orleans.Pipeline.Grains;

/// <summary>The settings of pipelines on each silo of a cluster.</summary>
public sealed record ClusterSettings
{
    /// <summary>
    /// Gets the maximum bytes, over all tasks of a silo, that are read but not committed. Each task of the cluster gets an equal share,
    /// up to the limit of its profile. Default 256 MiB.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 256L << 20;

    /// <summary>Gets the interval at which retention is applied. Default one minute.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the time after which the checkpoints of a stage that no silo defines any more are let go of, so that retention no longer waits
    /// for them. A paused pipeline keeps its checkpoints. Default a day.
    /// </summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets the interval at which a silo looks for topics that another silo created. Default 5 s.</summary>
    public TimeSpan TopicRefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the maximum time that a stop waits for records in flight to commit; then it abandons them. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAheadBytes, 1 << 20, nameof(ReadAheadBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetentionInterval, TimeSpan.Zero, nameof(RetentionInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ForgetAfter, TimeSpan.Zero, nameof(ForgetAfter));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TopicRefreshInterval, TimeSpan.Zero, nameof(TopicRefreshInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero, nameof(StopTimeout));
    }
}
