using System.Buffers;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Sinks;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Sources;

/// <summary>
/// Appends the events of one stream to a topic, each once. What was appended before is known by its sequence number, for the
/// events of one call to the stream (<c>OnNextBatchAsync</c>) share one and are delivered together.
/// </summary>
/// <remarks>
/// Whatever goes wrong is thrown, so that the provider delivers the events again. The position is then read again first, because
/// the commit may have been made though its answer was lost.
/// </remarks>
internal sealed class StreamFeed<T>(
    StreamSource<T> source,
    StreamId stream,
    Action leave,
    StreamPositions positions,
    AdmittingTopicLog log,
    ClusterTopics topics,
    TimeProvider timeProvider) : IAsyncBatchObserver<T>
{
    private static readonly RecordLimits Limits = RecordLimits.Default;

    private Position? _position;

    public async Task OnNextAsync(IList<SequentialItem<T>> items)
    {
        await log.AdmitAsync(source.Topic);
        var position = _position ?? await positions.TakeOverAsync(source, stream);
        _position = null;
        var (appends, next) = AppendsOf(items, position.Next);
        try
        {
            _position = appends.Count == 0 ? position : await positions.CommitAsync(position, next, appends);
        }
        catch (TaskFencedException)
        {
            leave();
            throw;
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Events without a token are all new, as far as anybody can tell.</summary>
    private (List<TopicAppend> Appends, long Next) AppendsOf(IList<SequentialItem<T>> items, long position)
    {
        var batches = new PartitionedBatches(source.Topic, topics.PartitionsOf(source.Topic), Limits.BatchBytes, Limits.BatchBytes);
        var partition = KeyPartitioner.PartitionOf(stream.Key.Span, topics.PartitionsOf(source.Topic));
        var timestamp = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var value = new ArrayBufferWriter<byte>();
        var next = position;
        foreach (var item in items)
        {
            var sequence = item.Token?.SequenceNumber ?? next;
            if (sequence >= position)
            {
                value.ResetWrittenCount();
                source.Serializer.Serialize(item.Item, value);
                batches.Put(partition, stream.Key.Span, hasKey: true, value.WrittenSpan, hasValue: true, timestamp, []);
                next = Math.Max(next, sequence + 1);
            }
        }

        batches.Keep();
        var appends = new List<TopicAppend>();
        batches.AddTo(appends);
        return (appends, next);
    }
}
