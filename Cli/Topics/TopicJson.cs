using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Topics;

/// <summary>A topic, as <c>--json</c> writes it; fields are named as in the HTTP API.</summary>
internal sealed record TopicJson
{
    /// <summary>Its name.</summary>
    public required TopicName Name { get; init; }

    /// <summary>How many partitions it has.</summary>
    public required int Partitions { get; init; }

    /// <summary>How long records are kept; null for whatever their age.</summary>
    public required double? RetentionAgeSeconds { get; init; }

    /// <summary>How many bytes each partition keeps; null for any number.</summary>
    public required long? RetentionBytes { get; init; }

    /// <summary>Whether retention may remove records that a pipeline has not committed.</summary>
    public required bool DiscardUnread { get; init; }

    /// <summary>The lag above which appends are pushed back.</summary>
    public required long LagLimit { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many records it keeps.</summary>
    public required long Records { get; init; }

    /// <summary>Bytes of the batches it keeps.</summary>
    public required long Bytes { get; init; }

    /// <summary>Records that the slowest pipeline on it has yet to commit.</summary>
    public required long Lag { get; init; }

    /// <summary>What each partition holds.</summary>
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

/// <summary>What a partition holds, as <c>--json</c> writes it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Start">The first offset still kept.</param>
/// <param name="End">The offset that the next record will get.</param>
/// <param name="Records">How many records it keeps.</param>
/// <param name="Bytes">Bytes of the batches it keeps.</param>
/// <param name="Discarded">Records that retention removed before every pipeline had committed them.</param>
internal sealed record PartitionBoundsJson(int Partition, long Start, long End, long Records, long Bytes, long Discarded);

/// <summary>Topics, as <c>--json</c> writes them.</summary>
internal sealed record TopicListJson(IReadOnlyList<TopicJson> Topics);
