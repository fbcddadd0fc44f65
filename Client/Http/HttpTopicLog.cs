using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Topics;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

internal sealed class HttpTopicLog(HttpWire wire, RecordLimits limits) : ITopicLog
{
    /// <summary>The maximum time that one request waits at the end of a partition. A longer read repeats the request.</summary>
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(20);

    /// <summary>An empty answer that comes sooner than this did not wait as requested, because the gateway is stopping.</summary>
    private static readonly TimeSpan MinimumWait = TimeSpan.FromMilliseconds(250);

    /// <summary>The bytes of a partition's number and of the length of its batches.</summary>
    private const int PartitionHeaderBytes = 2 * sizeof(int);

    public async ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default)
    {
        settings.Validate(topic);
        var request = WireRequest.ToTopic(HttpMethod.Put, topic)
            .WithJson(TopicSettingsBody.Of(settings), WireJson.Default.TopicSettingsBody);
        return (await wire.SendAsync(request, WireJson.Default.TopicBody, cancellationToken).ConfigureAwait(false)).ToDescription();
    }

    public async ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await GetTopicAsync(topic, cancellationToken).ConfigureAwait(false)).ToDescription();
        }
        catch (UnknownTopicException)
        {
            return null;
        }
    }

    public async ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/topics");
        var list = await wire.SendAsync(request, WireJson.Default.TopicListBody, cancellationToken).ConfigureAwait(false);
        return [.. list.Topics.Select(topic => topic.ToDescription())];
    }

    public async ValueTask<TopicDescription> UpdateTopicAsync(TopicName topic, TopicChange change, CancellationToken cancellationToken)
    {
        change.Validate(topic);
        var request = WireRequest.ToTopic(HttpMethod.Patch, topic) with { Json = TopicChangeBody.Write(change) };
        return (await wire.SendAsync(request, WireJson.Default.TopicBody, cancellationToken).ConfigureAwait(false)).ToDescription();
    }

    public async ValueTask DeleteTopicAsync(TopicName topic, CancellationToken cancellationToken) =>
        await wire.SendAsync(WireRequest.ToTopic(HttpMethod.Delete, topic), cancellationToken).ConfigureAwait(false);

    public async ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Post, "v1/producers")
            .WithJson(new OpenProducerBody(name), WireJson.Default.OpenProducerBody);
        var producer = await wire.SendAsync(request, WireJson.Default.ProducerBody, cancellationToken).ConfigureAwait(false);
        return new(producer.Id, producer.Epoch);
    }

    public async ValueTask<IReadOnlyList<long>> GetProducerProgressAsync(
        TopicName topic, long producerId, CancellationToken cancellationToken)
    {
        var request = WireRequest.ToTopic(HttpMethod.Get, topic, string.Create(CultureInfo.InvariantCulture, $"/producers/{producerId}"));
        return (await wire.SendAsync(request, WireJson.Default.ProducerProgressBody, cancellationToken).ConfigureAwait(false)).Partitions;
    }

    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        AppendAsync(partition, Guid.Empty, batch, cancellationToken);

    public async ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, Guid topicId, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        var request = WireRequest.ToPartition(HttpMethod.Post, partition, $"batches{QueryOf(topicId)}") with { Batch = batch };
        var appended = await wire.SendAsync(request, WireJson.Default.AppendedBatchBody, cancellationToken).ConfigureAwait(false);
        return new(appended.BaseOffset, appended.NextOffset, appended.IsRepeat);
    }

    public async ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        var body = await AskUntilAsync(
            asked => WireRequest.ToPartition(
                HttpMethod.Get,
                partition,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"records?offset={offset}&maxBytes={maximumBytes}&waitMs={asked.TotalMilliseconds}")) with
            {
                Offset = offset,
                Wait = asked,
                Accepts = MediaTypes.Batch,
            },
            wait,
            cancellationToken).ConfigureAwait(false);
        return Split(body);
    }

    public async ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default)
    {
        MultiPartitionRead.ThrowIfNone(topic, positions);
        PositionBody[] from =
        [
            .. positions.Select(position => new PositionBody { Partition = position.Partition, Offset = position.Offset }),
        ];
        var body = await AskUntilAsync(
            asked => WireRequest.ToTopic(HttpMethod.Post, topic, $"/reads{QueryOf(positions[0].TopicId)}").WithJson(
                new ReadsBody { Positions = from, MaxBytes = maximumBytes, WaitMs = (int)asked.TotalMilliseconds },
                WireJson.Default.ReadsBody) with
            {
                Wait = asked,
                Accepts = MediaTypes.PartitionBatches,
            },
            wait,
            cancellationToken).ConfigureAwait(false);
        return SplitPartitions(body);
    }

    public ValueTask<TopicDetailBody> GetTopicAsync(TopicName topic, CancellationToken cancellationToken) =>
        wire.SendAsync(WireRequest.ToTopic(HttpMethod.Get, topic), WireJson.Default.TopicDetailBody, cancellationToken);

    public async ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(
        TopicName topic, CancellationToken cancellationToken = default) =>
        (await GetTopicAsync(topic, cancellationToken).ConfigureAwait(false)).ToBounds();

    public async ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default)
    {
        var topic = await GetTopicAsync(partition.Topic, cancellationToken).ConfigureAwait(false);
        var bounds = topic.PartitionBounds.FirstOrDefault(bounds => bounds.Partition == partition.Partition)
            ?? throw new UnknownPartitionException(partition, topic.Partitions);
        return bounds.ToBounds();
    }

    public async ValueTask<long> FindOffsetAsync(
        TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        var request = WireRequest.ToPartition(
            HttpMethod.Get, partition, $"offsets?time={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}");
        return (await wire.SendAsync(request, WireJson.Default.OffsetBody, cancellationToken).ConfigureAwait(false)).Offset;
    }

    /// <summary>
    /// Repeats a request, each time with a wait that a gateway allows, until an answer is not empty or the whole wait is over.
    /// </summary>
    private async ValueTask<byte[]> AskUntilAsync(Func<TimeSpan, WireRequest> request, TimeSpan wait, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = wait == Timeout.InfiniteTimeSpan ? MaximumWait : wait - Stopwatch.GetElapsedTime(start);
            var asked = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 0, MaximumWait.TotalMilliseconds));
            var sent = Stopwatch.GetTimestamp();
            var (body, address) = await wire.AskAsync(request(asked), cancellationToken).ConfigureAwait(false);
            if (body.Length == 0 && Stopwatch.GetElapsedTime(sent) < (asked / 2 < MinimumWait ? asked / 2 : MinimumWait))
            {
                throw wire.WaitEnded(request(asked), address);
            }

            if (body.Length > 0 || (wait != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= wait))
            {
                return body;
            }
        }
    }

    /// <summary>The query that names the topic. A gateway of an earlier version ignores it.</summary>
    private static string QueryOf(Guid topicId) => topicId == Guid.Empty ? "" : $"?topicId={topicId:N}";

    /// <summary>
    /// Splits an answer that holds for each partition its number and the length of its batches (four bytes each), then the batches.
    /// </summary>
    private List<PartitionRead> SplitPartitions(byte[] body)
    {
        var reads = new List<PartitionRead>();
        for (var rest = body.AsMemory(); !rest.IsEmpty;)
        {
            if (rest.Length < PartitionHeaderBytes || BinaryPrimitives.ReadInt32BigEndian(rest.Span[sizeof(int)..]) is var length
                && (length < 0 || length > rest.Length - PartitionHeaderBytes))
            {
                throw new InvalidRecordBatchException(
                    $"The gateway's answer is incomplete: it ends within a partition, which begins {rest.Length} bytes before the end.");
            }

            reads.Add(new(BinaryPrimitives.ReadInt32BigEndian(rest.Span), Split(rest.Slice(PartitionHeaderBytes, length))));
            rest = rest[(PartitionHeaderBytes + length)..];
        }

        return reads;
    }

    private List<RecordBatch> Split(ReadOnlyMemory<byte> body)
    {
        var batches = new List<RecordBatch>();
        for (var rest = body; !rest.IsEmpty;)
        {
            var length = RecordBatch.MeasureFirst(rest.Span) is { } measured && measured <= rest.Length ? measured : rest.Length;
            batches.Add(RecordBatch.Validate(rest[..length], limits));
            rest = rest[length..];
        }

        return batches;
    }
}
