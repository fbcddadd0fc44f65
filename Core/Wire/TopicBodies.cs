using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("A topic.")]
internal record TopicBody(
    [property: Description("The topic's name.")] string Name,
    [property: Description("The number of partitions, which is fixed when the topic is created.")] int Partitions,
    [property: Description("How long the topic keeps records, in seconds; null keeps records of any age.")] double? RetentionAgeSeconds,
    [property: Description("How many bytes each partition keeps; null means no limit.")] long? RetentionBytes,
    [property: Description("Whether retention may remove records that a pipeline has not processed yet.")] bool DiscardUnread,
    [property: Description("The lag, in records, above which appends are rejected with status 429.")] long LagLimit,
    [property: Description("When the topic was created.")] DateTimeOffset CreatedAt)
{
    [Description("The topic's identity. A topic that is deleted and created again has another.")]
    public Guid? Id { get; init; }

    public static TopicBody Of(TopicDescription topic) => new(
        topic.Topic.Value, topic.Settings.Partitions, topic.Settings.RetentionAge?.TotalSeconds, topic.Settings.RetentionBytes,
        topic.Settings.DiscardUnread, topic.Settings.LagLimit, topic.CreatedAt)
    {
        Id = topic.Id == Guid.Empty ? null : topic.Id,
    };

    public TopicDescription ToDescription() => new(
        new(Name),
        new TopicSettings
        {
            Partitions = Partitions,
            RetentionAge = RetentionAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            RetentionBytes = RetentionBytes,
            DiscardUnread = DiscardUnread,
            LagLimit = LagLimit,
        },
        CreatedAt)
    {
        Id = Id ?? Guid.Empty,
    };
}

[Description("A topic and its contents.")]
internal sealed record TopicDetailBody(
    string Name,
    int Partitions,
    double? RetentionAgeSeconds,
    long? RetentionBytes,
    bool DiscardUnread,
    long LagLimit,
    DateTimeOffset CreatedAt,
    [property: Description("What each partition holds, by partition.")] IReadOnlyList<PartitionBoundsBody> PartitionBounds,
    [property: Description("The number of records that the slowest pipeline of the topic has not processed yet, over all partitions; "
        + "0 if no pipeline reads the topic.")] long Lag)
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
            lag)
        {
            Id = TopicBody.Of(topic).Id,
        };
    }

    public IReadOnlyList<PartitionBounds> ToBounds() =>
        [.. PartitionBounds.OrderBy(bounds => bounds.Partition).Select(bounds => bounds.ToBounds())];
}

[Description("The bounds of a partition.")]
internal sealed record PartitionBoundsBody(
    [property: Description("The partition.")] int Partition,
    [property: Description("The first offset that is stored.")] long Start,
    [property: Description("The offset of the next record to be appended.")] long End,
    [property: Description("The bytes of the stored batches.")] long Bytes,
    [property: Description("Records that retention removed before every pipeline had processed them.")] long Discarded)
{
    public PartitionBounds ToBounds() => new(Start, End, Bytes, Discarded);
}

[Description("A list of topics.")]
internal sealed record TopicListBody([property: Description("The topics, by name.")] IReadOnlyList<TopicBody> Topics);

[Description("The settings of a topic to create. Settings left out keep their defaults.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class TopicSettingsBody
{
    private static readonly TopicSettings Defaults = new();

    [Description("How many partitions, 1 to 1024. Left out: as many as the topic has if it exists, otherwise 8.")]
    public int? Partitions { get; set; }

    [Description("How long to keep records, in seconds; null keeps records of any age. Left out: 604800, which is 7 days.")]
    public double? RetentionAgeSeconds { get; set; } = Defaults.RetentionAge?.TotalSeconds;

    [Description("How many bytes each partition keeps; null means no limit. Left out: null.")]
    public long? RetentionBytes { get; set; } = Defaults.RetentionBytes;

    [Description("Whether retention may remove records that a pipeline has not processed yet. Left out: false.")]
    public bool DiscardUnread { get; set; } = Defaults.DiscardUnread;

    [Description("The lag, in records, above which appends are rejected with status 429. Left out: 10000000.")]
    public long LagLimit { get; set; } = Defaults.LagLimit;

    public static TopicSettingsBody Of(TopicSettings settings) => new()
    {
        Partitions = settings.Partitions,
        RetentionAgeSeconds = settings.RetentionAge?.TotalSeconds,
        RetentionBytes = settings.RetentionBytes,
        DiscardUnread = settings.DiscardUnread,
        LagLimit = settings.LagLimit,
    };

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
            topic,
            $"retentionAgeSeconds is {seconds}; give less than {TimeSpan.MaxValue.TotalSeconds:0}, or null to keep records of any age."),
    };
}
