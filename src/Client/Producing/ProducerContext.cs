using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Client;

/// <summary>What the partitions of a producer share.</summary>
internal sealed class ProducerContext
{
    private PipelineException? _end;
    private long _pushedBackCount;

    public ProducerContext(ITopicLog log, TopicName topic, ProducerSettings settings, Action<IThreadPoolWorkItem> schedule, PlaceRecord place, Action hurry)
    {
        (Log, Topic, Settings, Schedule) = (log, topic, settings, schedule);
        Memory = new(settings.MaximumMemoryBytes, place, hurry);
        Builders = new((int)Math.Clamp(settings.MaximumMemoryBytes / settings.BatchBytes, 1, 1024));
        Failures = new(topic);
        Random = new(settings.Random);
        Backoff = new(settings.InitialBackoff, settings.MaximumBackoff, Random);
    }

    public ITopicLog Log { get; }

    public TopicName Topic { get; }

    public ProducerSettings Settings { get; }

    /// <summary>Runs work that no caller should wait for: on the thread pool.</summary>
    public Action<IThreadPoolWorkItem> Schedule { get; }

    public MemoryLine Memory { get; }

    public BuilderPool Builders { get; }

    public EnqueueFailures Failures { get; }

    public LockedRandom Random { get; }

    public Backoff Backoff { get; }

    /// <summary>Told of each push back.</summary>
    public Action<BackpressureException>? OnPushedBack { get; set; }

    public long PushedBackCount => Interlocked.Read(ref _pushedBackCount);

    /// <summary>Whether the producer is being disposed, so that it must come to an end even if it is pushed back.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Why this producer can send nothing any more, or null.</summary>
    public PipelineException? End => Volatile.Read(ref _end);

    /// <summary>Ends the producer; the first reason stays.</summary>
    public void EndWith(PipelineException reason) => Interlocked.CompareExchange(ref _end, reason, null);

    public void ReportPushBack(BackpressureException pushedBack)
    {
        Interlocked.Increment(ref _pushedBackCount);
        OnPushedBack?.Invoke(pushedBack);
    }

    /// <summary>Whether an error says nothing about the request, so that it should be tried again.</summary>
    public static bool IsTransient(Exception error) => error is StoreUnavailableException or TimeoutException or OperationCanceledException;

    /// <summary>Asks the log something, again and again while it is unavailable.</summary>
    /// <exception cref="DeliveryException">It was unavailable for the whole delivery timeout.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        var start = Settings.TimeProvider.GetTimestamp();
        var left = Settings.DeliveryTimeout;
        using var timeout = new CancellationTokenSource(left, Settings.TimeProvider);
        Exception? lastError = null;
        for (var failures = 1; left > TimeSpan.Zero; failures++)
        {
            try
            {
                return await ask(timeout.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (IsTransient(error))
            {
                lastError = error is OperationCanceledException ? lastError : error;
            }

            var wait = Backoff.After(failures);
            await Task.Delay(wait < left ? wait : left, Settings.TimeProvider).ConfigureAwait(false);
            left = Settings.DeliveryTimeout - Settings.TimeProvider.GetElapsedTime(start);
        }

        throw DeliveryException.NotOpened(Topic, Settings.DeliveryTimeout, lastError);
    }
}
