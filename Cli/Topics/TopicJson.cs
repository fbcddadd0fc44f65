using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Topics;

/// <summary>A topic, as <c>--json</c> writes it. The fields have the names of the HTTP API.</summary>
internal sealed record TopicJson
{
    public required TopicName Name { get; init; }

    public required int Partitions { get; init; }

    /// <summary>The age at which retention removes records; null for no limit.</summary>
    public required double? RetentionAgeSeconds { get; init; }

    /// <summary>The bytes that retention keeps per partition; null for no limit.</summary>
    public required long? RetentionBytes { get; init; }

    /// <summary>Whether retention may remove records that a pipeline has not committed.</summary>
    public required bool DiscardUnread { get; init; }

    /// <summary>The lag above which appends are pushed back.</summary>
    public required long LagLimit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Records { get; init; }

    /// <summary>Bytes of the batches that the topic keeps.</summary>
    public required long Bytes { get; init; }

    /// <summary>Records that the slowest pipeline has not committed yet.</summary>
    public required long Lag { get; init; }

    public required IReadOnlyList<PartitionBoundsJson> PartitionBounds { get; init; }

    public static TopicJson Of(TopicDetails topic)
    {
        var (name, settings, createdAt) = topic.Description;
        return new()
        {
            Name = name,
            Partitions = settings.Partitions,
            RetentionAgeSeconds = settings.RetentionAge?.TotalSeconds,
            RetentionBytes = settings.RetentionBytes,
            DiscardUnread = settings.DiscardUnread,
            LagLimit = settings.LagLimit,
            CreatedAt = createdAt,
            Records = topic.Records,
            Bytes = topic.Bytes,
            Lag = topic.Lag,
            PartitionBounds = [.. topic.Partitions.Select(static (bounds, partition) => new PartitionBoundsJson(
                partition, bounds.Start, bounds.End, bounds.End - bounds.Start, bounds.Bytes, bounds.Discarded))],
        };
    }
}

/// <summary>The contents of a partition, as <c>--json</c> writes them.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Start">The first offset still kept.</param>
/// <param name="End">The offset that the next record will get.</param>
/// <param name="Records">The number of records kept.</param>
/// <param name="Bytes">Bytes of the batches kept.</param>
/// <param name="Discarded">Records that retention removed before every pipeline had committed them.</param>
internal sealed record PartitionBoundsJson(int Partition, long Start, long End, long Records, long Bytes, long Discarded);

/// <summary>Topics, as <c>--json</c> writes them.</summary>
internal sealed record TopicListJson(IReadOnlyList<TopicJson> Topics);
