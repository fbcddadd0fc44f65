using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Client.Http;

internal sealed record TopicBody(
    TopicName Name,
    int Partitions,
    double? RetentionAgeSeconds,
    long? RetentionBytes,
    bool DiscardUnread,
    long LagLimit,
    DateTimeOffset CreatedAt,
    IReadOnlyList<PartitionBoundsBody>? PartitionBounds,
    long Lag)
{
    public TopicDetails ToDetails() => new(
        ToDescription(),
        [.. (PartitionBounds ?? []).OrderBy(bounds => bounds.Partition).Select(bounds => bounds.ToBounds())],
        Lag);

    public TopicDescription ToDescription() => new(
        Name,
        new TopicSettings
        {
            Partitions = Partitions,
            RetentionAge = RetentionAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            RetentionBytes = RetentionBytes,
            DiscardUnread = DiscardUnread,
            LagLimit = LagLimit,
        },
        CreatedAt);
}

internal sealed record PartitionBoundsBody(int Partition, long Start, long End, long Bytes, long Discarded)
{
    public PartitionBounds ToBounds() => new(Start, End, Bytes, Discarded);
}

internal sealed record TopicListBody(IReadOnlyList<TopicBody> Topics);

internal sealed record TopicSettingsBody(int Partitions, double? RetentionAgeSeconds, long? RetentionBytes, bool DiscardUnread, long LagLimit);

internal sealed record OpenProducerBody(string? Name);

internal sealed record ProducerBody(long Id, short Epoch);

internal sealed record ProducerProgressBody(IReadOnlyList<long> Partitions);

internal sealed record AppendedBatchBody(long BaseOffset, long NextOffset, bool IsRepeat);

internal sealed record OffsetBody(long Offset);

internal sealed record ReadsBody(IReadOnlyList<PartitionOffset> Positions, int MaxBytes, int WaitMs);

internal sealed record PipelineListBody(IReadOnlyList<PipelineStatus> Pipelines);

internal sealed record NodeListBody(IReadOnlyList<NodeStatus> Nodes);

internal sealed record SeekBody(string To, long? Offset, DateTimeOffset? Time, string? Stage, int? Partition);

/// <summary>How the bodies look as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TopicBody))]
[JsonSerializable(typeof(TopicListBody))]
[JsonSerializable(typeof(TopicSettingsBody))]
[JsonSerializable(typeof(OpenProducerBody))]
[JsonSerializable(typeof(ProducerBody))]
[JsonSerializable(typeof(ProducerProgressBody))]
[JsonSerializable(typeof(AppendedBatchBody))]
[JsonSerializable(typeof(OffsetBody))]
[JsonSerializable(typeof(ReadsBody))]
[JsonSerializable(typeof(PipelineListBody))]
[JsonSerializable(typeof(NodeListBody))]
[JsonSerializable(typeof(SeekBody))]
[JsonSerializable(typeof(DeadLetterPageBody))]
[JsonSerializable(typeof(DeadLetterErrorsBody))]
[JsonSerializable(typeof(DeadLetterSelectionBody))]
[JsonSerializable(typeof(SettledBody))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;
