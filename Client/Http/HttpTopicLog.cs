using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Topics;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

internal sealed class HttpTopicLog(HttpWire wire, RecordLimits limits) : ITopicLog
{
    private readonly RecordLimits _limits = limits.ForReading();

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
        var (batches, fault) = Split(partition, offset, body);
        return batches.Count > 0 || fault is null ? batches : throw fault;
    }

    public async ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName topic,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default)
    {
        MultiPartitionRead.ThrowIfNone(topic, positions);
        var refusals = new Dictionary<int, InvalidRecordBatchException>();
        while (true)
        {
            PositionBody[] from =
            [
                .. positions.Where(position => !refusals.ContainsKey(position.Partition))
                    .Select(position => new PositionBody { Partition = position.Partition, Offset = position.Offset }),
            ];
            var body = await AskUntilAsync(
                asked => WireRequest.ToTopic(HttpMethod.Post, topic, $"/reads{QueryOf(positions[0].TopicId)}").WithJson(
                    new ReadsBody { Positions = from, MaxBytes = maximumBytes, WaitMs = (int)asked.TotalMilliseconds },
                    WireJson.Default.ReadsBody) with
                {
                    Wait = asked,
                    Accepts = MediaTypes.PartitionBatches,
                },
                refusals.Count == 0 ? wait : TimeSpan.Zero,
                cancellationToken).ConfigureAwait(false);
            var known = refusals.Count;
            var reads = SplitPartitions(topic, positions, body, refusals);
            if (reads.Count > 0 || refusals.Count == 0)
            {
                return reads;
            }

            if (refusals.Count == known || refusals.Count == positions.Count)
            {
                throw refusals.Values.First();
            }
        }
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
    /// Splits an answer that holds for each partition its number and the length of its batches (four bytes each), then the batches. A batch
    /// that cannot be read holds up its own partition: it is an error only once no other partition has records.
    /// </summary>
    private List<PartitionRead> SplitPartitions(
        TopicName topic, IReadOnlyList<PartitionOffset> positions, byte[] body, Dictionary<int, InvalidRecordBatchException> refusals)
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

            var partition = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
            var from = positions.FirstOrDefault(position => position.Partition == partition).Offset;
            var (batches, fault) = Split(new(topic, partition), from, rest.Slice(PartitionHeaderBytes, length));
            if (batches.Count > 0)
            {
                reads.Add(new(partition, batches));
            }
            else if (fault is not null)
            {
                refusals.Add(partition, fault);
            }

            rest = rest[(PartitionHeaderBytes + length)..];
        }

        return reads;
    }

    /// <summary>Splits batches up to the first that cannot be read.</summary>
    private (List<RecordBatch> Batches, InvalidRecordBatchException? Fault) Split(
        TopicPartition partition, long offset, ReadOnlyMemory<byte> body)
    {
        var batches = new List<RecordBatch>();
        for (var rest = body; !rest.IsEmpty;)
        {
            var length = RecordBatch.MeasureFirst(rest.Span) is { } measured && measured <= rest.Length ? measured : rest.Length;
            try
            {
                batches.Add(RecordBatch.Validate(rest[..length], _limits));
            }
            catch (InvalidRecordBatchException refused)
            {
                var place = batches.Count > 0 ? batches[^1].NextOffset : offset;
                return (batches, new(partition, place, $"{refused.Fault} Raise the client's limits, or read on behind it."));
            }

            rest = rest[length..];
        }

        return (batches, null);
    }
}
