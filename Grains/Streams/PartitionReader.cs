using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// One partition as a queue of Orleans streams. The reader is the pulling agent's receiver and its cache in one, because the log is both.
/// Every consumer has its own cursor with a bounded read-ahead. So a slow consumer delays no other and misses nothing, and a rewind only
/// reads the log from another offset.
/// </summary>
/// <remarks>
/// <code>
///   agent:  GetQueueMessagesAsync ── waits until a cursor has read something ──► announcement of the cursor's stream
///           announcement ──► cursor.MoveNext, GetCurrent ──► batches, delivered to the consumer
///           consumer answers with a token ──► GetCacheCursor(token) ──► a new cursor, which reads from there
/// </code>
/// A token is the offset to read from. A container's token is the offset after its last record, so "delivered up to this token" and "read
/// from this token" mean the same. All of this runs on the agent's scheduler, except <see cref="Release"/>.
/// </remarks>
internal sealed class PartitionReader(ReaderContext context, TopicPartition partition) : IQueueAdapterReceiver, IQueueCache
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _released = new();
    private readonly HashSet<StreamId> _announced = [PipelineStreams.Partition(partition.Topic, partition.Partition)];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _end;

    public ReaderContext Context => context;

    public TopicPartition Partition => partition;

    /// <summary>
    /// The identity of the topic that was read last; null before the first read. The cursor of a consumer that goes back begins with it, so
    /// that it too notices a topic that was made again.
    /// </summary>
    public Guid? Topic { get; set; }

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    /// <summary>
    /// Announces the partition's stream once, so that the agent looks up its consumers. A consumer without a token begins at the end. After
    /// that, announces a stream whenever one of its cursors has read something.
    /// </summary>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        try
        {
            _end ??= await context.Patience.ExecuteAsync(
                static async (reader, token) => (await reader.Context.Log.GetBoundsAsync(reader.Partition, token)).End,
                this,
                _released.Token);
            while (!_released.IsCancellationRequested)
            {
                if (Announcements() is { Count: > 0 } announcements)
                {
                    return announcements;
                }

                await NewsAsync();
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
        }

        return [];
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        new PartitionCursor(this, streamId, token?.SequenceNumber);

    /// <summary>Raises the known end of the partition.</summary>
    public void Reach(long offset) => _end = Math.Max(_end ?? 0, offset);

    /// <summary>Notes that the topic was made again.</summary>
    /// <param name="topic">The identity of the new topic.</param>
    /// <param name="end">The end of its partition.</param>
    public void Replace(Guid topic, long end) => (Topic, _end) = (topic, end);

    /// <summary>Wakes the agent to look at a stream's cursor again.</summary>
    public void Announce(StreamId stream)
    {
        lock (_lock)
        {
            _announced.Add(stream);
            Wake();
        }
    }

    /// <summary>Ends the agent's wait, and every later wait.</summary>
    public void Release()
    {
        _released.Cancel();
        lock (_lock)
        {
            Wake();
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;

    public int GetMaxAddCount() => QueueAdapterConstants.UNLIMITED_GET_QUEUE_MSG;

    public void AddToCache(IList<IBatchContainer> messages)
    {
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    public bool IsUnderPressure() => false;

    private List<IBatchContainer> Announcements()
    {
        lock (_lock)
        {
            List<IBatchContainer> announcements = [.. _announced.Select(stream => new StreamBatchContainer(
                stream,
                [],
                _end!.Value,
                _end.Value,
                context.Values))];
            _announced.Clear();
            return announcements;
        }
    }

    private Task NewsAsync()
    {
        lock (_lock)
        {
            return _announced.Count > 0 || _released.IsCancellationRequested ? Task.CompletedTask : _news.Task;
        }
    }

    private void Wake()
    {
        _news.TrySetResult();
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
