using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Gateway.Topics;

/// <summary>A topic on the wire.</summary>
internal record TopicBody(
    [property: Description("The topic's name.")] string Name,
    [property: Description("How many partitions it has; fixed when it is created.")] int Partitions,
    [property: Description("How long it keeps records, in seconds; null for whatever their age.")] double? RetentionAgeSeconds,
    [property: Description("How many bytes each partition keeps; null for any number.")] long? RetentionBytes,
    [property: Description("Whether retention may remove records that a pipeline has not processed yet.")] bool DiscardUnread,
    [property: Description("The lag, in records, above which appends are pushed back with status 429.")] long LagLimit,
    [property: Description("When it was created.")] DateTimeOffset CreatedAt)
{
    public static TopicBody Of(TopicDescription topic) => new(
        topic.Topic.Value, topic.Settings.Partitions, topic.Settings.RetentionAge?.TotalSeconds, topic.Settings.RetentionBytes,
        topic.Settings.DiscardUnread, topic.Settings.LagLimit, topic.CreatedAt);
}

/// <summary>A topic on the wire, with what it holds.</summary>
internal sealed record TopicDetailBody(
    string Name,
    int Partitions,
    double? RetentionAgeSeconds,
    long? RetentionBytes,
    bool DiscardUnread,
    long LagLimit,
    DateTimeOffset CreatedAt,
    [property: Description("What each partition holds, by partition.")] IReadOnlyList<PartitionBoundsBody> PartitionBounds,
    [property: Description("How many records the slowest pipeline on the topic has yet to process, over all partitions; 0 if none reads it.")] long Lag)
    : TopicBody(Name, Partitions, RetentionAgeSeconds, RetentionBytes, DiscardUnread, LagLimit, CreatedAt)
{
    public static TopicDetailBody Of(TopicDescription topic, IReadOnlyList<PartitionBounds> bounds, long lag)
    {
        var (name, partitions, age, bytes, discardUnread, lagLimit, createdAt) = TopicBody.Of(topic);
        return new(
            name,
            partitions,
            age,
            bytes,
            discardUnread,
            lagLimit,
            createdAt,
            [.. bounds.Select((held, partition) => new PartitionBoundsBody(partition, held.Start, held.End, held.Bytes, held.Discarded))],
            lag);
    }
}

/// <summary>A partition's bounds on the wire.</summary>
internal sealed record PartitionBoundsBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The first offset still kept.")] long Start,
    [property: Description("The offset that the next record will get.")] long End,
    [property: Description("Bytes of the batches kept.")] long Bytes,
    [property: Description("Records that retention removed before every pipeline had processed them.")] long Discarded);

/// <summary>Topics on the wire.</summary>
internal sealed record TopicListBody([property: Description("The topics, by name.")] IReadOnlyList<TopicBody> Topics);

/// <summary>The settings asked for when a topic is created; what is left out keeps its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class TopicSettingsBody
{
    private static readonly TopicSettings Defaults = new();

    [Description("How many partitions, 1 to 1024. Left out: as many as the topic has if it exists, otherwise 8.")]
    public int? Partitions { get; set; }

    [Description("How long to keep records, in seconds; null keeps them whatever their age. Left out: 604800, which is 7 days.")]
    public double? RetentionAgeSeconds { get; set; } = Defaults.RetentionAge?.TotalSeconds;

    [Description("How many bytes each partition keeps; null for any number. Left out: null.")]
    public long? RetentionBytes { get; set; } = Defaults.RetentionBytes;

    [Description("Whether retention may remove records that a pipeline has not processed yet. Left out: false.")]
    public bool DiscardUnread { get; set; } = Defaults.DiscardUnread;

    [Description("The lag, in records, above which appends are pushed back with status 429. Left out: 10000000.")]
    public long LagLimit { get; set; } = Defaults.LagLimit;

    public TopicSettings ToSettings(TopicName topic, int? existingPartitions) => new()
    {
        Partitions = Partitions ?? existingPartitions ?? Defaults.Partitions,
        RetentionAge = AgeOf(topic, RetentionAgeSeconds),
        RetentionBytes = RetentionBytes,
        DiscardUnread = DiscardUnread,
        LagLimit = LagLimit,
    };

    public static TimeSpan? AgeOf(TopicName topic, double? seconds) => seconds switch
    {
        null => null,
        _ when Math.Abs(seconds.Value) < TimeSpan.MaxValue.TotalSeconds => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new InvalidTopicSettingsException(
            topic, $"retentionAgeSeconds is {seconds}; give less than {TimeSpan.MaxValue.TotalSeconds:0}, or null to keep records whatever their age."),
    };
}
