using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Topics;

/// <summary>A topic, as <c>--json</c> writes it; fields are named as in the HTTP API.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="RetentionAgeSeconds">How long records are kept; null for whatever their age.</param>
/// <param name="RetentionBytes">How many bytes each partition keeps; null for any number.</param>
/// <param name="DiscardUnread">Whether retention may remove records that a pipeline has not committed.</param>
/// <param name="LagLimit">The lag above which appends are pushed back.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Records">How many records it keeps.</param>
/// <param name="Bytes">Bytes of the batches it keeps.</param>
/// <param name="Lag">Records that the slowest pipeline on it has yet to commit.</param>
/// <param name="PartitionBounds">What each partition holds.</param>
internal sealed record TopicJson(
    TopicName Name,
    int Partitions,
    double? RetentionAgeSeconds,
    long? RetentionBytes,
    bool DiscardUnread,
    long LagLimit,
    DateTimeOffset CreatedAt,
    long Records,
    long Bytes,
    long Lag,
    IReadOnlyList<PartitionBoundsJson> PartitionBounds)
{
    public static TopicJson Of(TopicDetails topic)
    {
        var (name, settings, createdAt) = topic.Description;
        return new(
            name,
            settings.Partitions,
            settings.RetentionAge?.TotalSeconds,
            settings.RetentionBytes,
            settings.DiscardUnread,
            settings.LagLimit,
            createdAt,
            topic.Records,
            topic.Bytes,
            topic.Lag,
            [.. topic.Partitions.Select(static (bounds, partition) => new PartitionBoundsJson(
                partition, bounds.Start, bounds.End, bounds.End - bounds.Start, bounds.Bytes, bounds.Discarded))]);
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
