using System.Buffers;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Telemetry;
using Orleans.Pipeline.Topics;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Sources;

/// <summary>Appends the events of one stream to a topic.</summary>
/// <remarks>
/// Every failure is thrown, so that the provider delivers the events again. The position is then read again first, because the commit
/// may have been made although its answer was lost. The provider determines which events are repeats:
/// <list type="bullet">
/// <item>A rewindable provider assigns an event the same sequence number each time. The position is the number after the last appended
/// event, and events below it are repeats. The events of one call to the stream (<c>OnNextBatchAsync</c>) share a number and are
/// delivered together.</item>
/// <item>Any other provider numbers deliveries, and starts from the beginning after a restart. The position only counts events, and a
/// repeat is the delivery that failed last, if its commit was made.</item>
/// </list>
/// </remarks>
internal sealed partial class StreamFeed<T>(
    StreamSource<T> source,
    StreamId stream,
    bool isRewindable,
    Action leave,
    StreamPositions positions,
    TopicAdmission admission,
    ClusterTopics topics,
    TimeProvider timeProvider,
    ILogger<StreamFeed<T>> logger,
    RecordLimits? limits = null) : IAsyncBatchObserver<T>
{
    private readonly RecordLimits _limits = limits ?? RecordLimits.Default;

    private Position? _position;
    private Attempt? _failed;
    private bool _hasWarned;

    public async Task OnNextAsync(IList<SequentialItem<T>> items)
    {
        await admission.AdmitAsync(source.Topic);
        if (_position is not { } position)
        {
            TopicTelemetry.NoteStreamRepeats(source.Topic, 0);
            position = await positions.TakeOverAsync(source, stream);
        }

        _position = null;
        if (!isRewindable && _failed is { } failed && failed.WasMade(items, position))
        {
            _failed = null;
            _position = position;
            return;
        }

        var (appends, next) = AppendsOf(items, position.Next);
        _failed = new Attempt(items[0].Token, items.Count, next);
        try
        {
            _position = appends.Count == 0 ? position : await positions.CommitAsync(position, next, appends);
            _failed = null;
        }
        catch (TaskFencedException)
        {
            leave();
            throw;
        }
    }

    /// <summary>Logs that the provider gave up on events. The provider reports neither the events nor the reason.</summary>
    public Task OnErrorAsync(Exception ex)
    {
        LogGivenUp(logger, stream, source.Provider, ex);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Returns the appends for new events. Events without a token all count as new, because repeats cannot be detected.</summary>
    private (List<TopicAppend> Appends, long Next) AppendsOf(IList<SequentialItem<T>> items, long position)
    {
        var batches = new PartitionedBatches(source.Topic, topics.PartitionsOf(source.Topic), _limits.BatchBytes, _limits.RecordBytes);
        var partition = KeyPartitioner.PartitionOf(stream.Key.Span, topics.PartitionsOf(source.Topic));
        var timestamp = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var value = new ArrayBufferWriter<byte>();
        var (next, repeats) = (position, 0);
        foreach (var item in items)
        {
            var sequence = isRewindable && item.Token is { } token ? token.SequenceNumber : next;
            if (sequence < position)
            {
                repeats++;
                continue;
            }

            value.ResetWrittenCount();
            var hasValue = Serializers.HasValue(item.Item);
            if (hasValue)
            {
                source.Serializer.Serialize(item.Item, value);
            }

            batches.Put(partition, stream.Key.Span, hasKey: true, value.WrittenSpan, hasValue, timestamp, []);
            next = Math.Max(next, sequence + 1);
        }

        if (repeats > 0)
        {
            PassOver(repeats, position);
        }

        batches.Keep();
        var appends = new List<TopicAppend>();
        batches.AddTo(appends);
        return (appends, next);
    }

    private void PassOver(int repeats, long position)
    {
        TopicTelemetry.NoteStreamRepeats(source.Topic, repeats);
        if (!_hasWarned)
        {
            _hasWarned = true;
            LogRepeats(logger, stream, source.Provider, repeats, position);
        }
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Warning,
        Message = "Stream {Stream} of provider {Provider} delivered {Events} events with sequence numbers below {Position}. "
            + "They were skipped as repeats, which is correct after a crash or a failed delivery. "
            + "If the provider has restarted its sequence numbers, these events are lost")]
    private static partial void LogRepeats(ILogger logger, StreamId stream, string provider, int events, long position);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Error,
        Message =
            "Provider {Provider} gave up events of stream {Stream}, which are lost: an event that could not be appended in time, and the "
            + "events behind it in the same push. Set the provider's MaxEventDeliveryTime to infinite")]
    private static partial void LogGivenUp(ILogger logger, StreamId stream, string provider, Exception error);

    /// <summary>A delivery whose commit may or may not have been made.</summary>
    private sealed record Attempt(StreamSequenceToken? First, int Count, long Next)
    {
        public bool WasMade(IList<SequentialItem<T>> items, Position position) =>
            position.Next == Next && items.Count == Count && Equals(items[0].Token, First);
    }
}
