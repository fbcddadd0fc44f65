using System.Text;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>Appends events that are pushed into a stream to its topic. The push completes when the events are durable.</summary>
internal sealed class TopicStreamAdapter(
    string name, ITopicAppender appender, StreamValues values, Func<QueueId, IQueueAdapterReceiver> receiverOf) : IQueueAdapter
{
    public string Name => name;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => receiverOf(queueId);

    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var topic = new TopicName(Encoding.UTF8.GetString(streamId.Namespace.Span));
        var key = PipelineStreams.KeyOf(streamId);
        var hasKey = PipelineStreams.PartitionOf(key) is null;
        if (values.BatchOf(events, streamId.Key, hasKey) is { } batch)
        {
            await appender.AppendAsync(topic, batch, key);
        }
    }
}

/// <summary>Appends for a stream provider: directly to the log on a silo, through a grain from a client.</summary>
internal interface ITopicAppender
{
    /// <summary>Appends to the partition that a stream's key names or belongs to. Returns the offset of the first record.</summary>
    Task<long> AppendAsync(TopicName topic, RecordBatch batch, string key);
}

internal sealed class LogAppender(ITopicLog log) : ITopicAppender
{
    public async Task<long> AppendAsync(TopicName topic, RecordBatch batch, string key)
    {
        var description = await log.FindTopicAsync(topic) ?? throw new UnknownTopicException(topic);
        var partition = PipelineStreams.PartitionOf(key) ?? KeyPartitioner.PartitionOf(
            Encoding.UTF8.GetBytes(key), description.Settings.Partitions);
        return (await log.AppendAsync(new TopicPartition(topic, partition), description.Id, batch)).BaseOffset;
    }
}

internal sealed class GrainAppender(IGrainFactory grains) : ITopicAppender
{
    public Task<long> AppendAsync(TopicName topic, RecordBatch batch, string key) =>
        grains.GetGrain<ITopicGrain>(topic.Value).AppendAsync(batch, key);
}
