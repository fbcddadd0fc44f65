namespace Orleans.Pipeline;

/// <summary>The settings of a topic: its partitions, its retention and its lag limit.</summary>
public sealed record TopicSettings
{
    /// <summary>The most partitions a topic may have.</summary>
    public const int MaximumPartitions = 1024;

    /// <summary>The number of partitions, 1 to 1,024; fixed when the topic is created. Default 8.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>
    /// How long records are kept, counted from their append whatever their own times. Null keeps records of any age. Default 7 days.
    /// </summary>
    public TimeSpan? RetentionAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many bytes each partition keeps; null keeps any number. Default null.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>
    /// Whether retention may remove records that a pipeline on the topic has not committed yet. They are counted as
    /// discarded. Default false: unread records are never removed.
    /// </summary>
    public bool DiscardUnread { get; init; }

    /// <summary>
    /// The lag, in records over all partitions behind the slowest pipeline on the topic, above which appends are pushed
    /// back (HTTP 429). Default 10,000,000.
    /// </summary>
    public long LagLimit { get; init; } = 10_000_000;

    /// <summary>Checks every setting.</summary>
    /// <param name="topic">The topic the settings are for, named in the error.</param>
    /// <exception cref="InvalidTopicSettingsException">A setting is out of range; the message names it.</exception>
    public void Validate(TopicName topic)
    {
        if (Partitions is < 1 or > MaximumPartitions)
        {
            throw new InvalidTopicSettingsException(topic, $"partitions is {Partitions}; give 1 to {MaximumPartitions}.");
        }

        if (RetentionAge <= TimeSpan.Zero)
        {
            throw new InvalidTopicSettingsException(
                topic, $"retention age is {RetentionAge}; give a positive time, or none to keep records of any age.");
        }

        if (RetentionBytes <= 0)
        {
            throw new InvalidTopicSettingsException(
                topic, $"retention bytes is {RetentionBytes}; give a positive number of bytes, or none to keep any number.");
        }

        if (LagLimit <= 0)
        {
            throw new InvalidTopicSettingsException(topic, $"lag limit is {LagLimit}; give a positive number of records.");
        }
    }
}
