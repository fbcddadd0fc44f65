using Orleans.Pipeline.Client.Retrying;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Client.Producing;

internal sealed class ProducerContext
{
    private PipelineException? _end;
    private long _pushedBackCount;
    private long _retryCount;

    public ProducerContext(
        ITopicLog log, TopicName topic, ProducerSettings settings, Action<IThreadPoolWorkItem> schedule, PlaceRecord place, Action flushNow)
    {
        (Log, Topic, Settings, Schedule) = (log, topic, settings, schedule);
        Memory = new(settings.MaximumMemoryBytes, place, flushNow);
        Builders = new((int)Math.Clamp(settings.MaximumMemoryBytes / settings.BatchBytes, 1, 1024));
        Failures = new(topic);
        Tracing = new(settings.Limits);
        Telemetry = new(topic);
        Random = new LockedRandom(settings.Random);
        Retry = LogRetry.Create(settings.InitialBackoff, settings.MaximumBackoff, settings.TimeProvider, Random);
    }

    public ITopicLog Log { get; }

    public TopicName Topic { get; }

    /// <summary>The identity of the topic that the producer was opened on; empty before, or if the log does not report it.</summary>
    public Guid TopicId { get; set; }

    public ProducerSettings Settings { get; }

    /// <summary>Runs work for which no caller should wait, on the thread pool.</summary>
    public Action<IThreadPoolWorkItem> Schedule { get; }

    public MemoryGate Memory { get; }

    public RecordBatchBuilderPool Builders { get; }

    public EnqueueFailures Failures { get; }

    public ProducerTracing Tracing { get; }

    public ProducerTelemetry Telemetry { get; }

    public Random Random { get; }

    public RetryPolicy Retry { get; }

    public Action<BackpressureException>? OnPushedBack { get; set; }

    public long PushedBackCount => Interlocked.Read(ref _pushedBackCount);

    public long RetryCount => Interlocked.Read(ref _retryCount);

    /// <summary>Whether the producer is being disposed. It must then end in time even if the log pushes back.</summary>
    public bool IsClosing { get; set; }

    /// <summary>The reason why the producer can send nothing more; null if it can.</summary>
    public PipelineException? End => Volatile.Read(ref _end);

    /// <summary>Ends the producer; the first reason stays.</summary>
    public void EndWith(PipelineException reason) => Interlocked.CompareExchange(ref _end, reason, null);

    /// <param name="pushedBack">The push back.</param>
    /// <param name="wait">The time by which the push back extends a wait.</param>
    public void ReportPushBack(BackpressureException pushedBack, TimeSpan wait)
    {
        Interlocked.Increment(ref _pushedBackCount);
        Telemetry.NotePushBack(wait);
        OnPushedBack?.Invoke(pushedBack);
    }

    public void NoteRetry()
    {
        Interlocked.Increment(ref _retryCount);
        Telemetry.NoteRetry();
    }

    /// <summary>
    /// Sends a request to the log, and retries while the log is unavailable. Time in which the log pushes back does not count, unless the
    /// producer is being disposed.
    /// </summary>
    /// <exception cref="DeliveryException">The log was unavailable for the whole delivery timeout.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        var left = Settings.DeliveryTimeout;
        Exception? lastError = null;
        for (var failures = 1; left > TimeSpan.Zero; failures++)
        {
            var start = Settings.TimeProvider.GetTimestamp();
            TimeSpan wait;
            var uncounted = TimeSpan.Zero;
            try
            {
                using var timeout = new CancellationTokenSource(left, Settings.TimeProvider);
                return await ask(timeout.Token).ConfigureAwait(false);
            }
            catch (BackpressureException pushedBack)
            {
                lastError = pushedBack;
                wait = Retry.DelayAfter(failures, pushedBack);
                uncounted = IsClosing ? TimeSpan.Zero : wait;
                ReportPushBack(pushedBack, wait);
            }
            catch (Exception error) when (Retry.IsTransient(error, CancellationToken.None))
            {
                lastError = error is OperationCanceledException ? lastError : error;
                wait = Retry.DelayAfter(failures, error);
            }

            await Task.Delay(wait < left + uncounted ? wait : left, Settings.TimeProvider).ConfigureAwait(false);
            left += uncounted - Settings.TimeProvider.GetElapsedTime(start);
        }

        throw DeliveryException.NotOpened(Topic, Settings.DeliveryTimeout, lastError);
    }
}
