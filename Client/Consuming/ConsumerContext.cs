using Orleans.Pipeline.Client.Retrying;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Client.Consuming;

internal sealed class ConsumerContext(ITopicLog log, TopicName topic, ConsumerSettings settings)
{
    private readonly RetryPolicy _retry = LogRetry.Create(
        settings.InitialBackoff, settings.MaximumBackoff, settings.TimeProvider, new LockedRandom(settings.Random));

    private volatile object _topicId = settings.From.Saved?.TopicId ?? Guid.Empty;

    public ITopicLog Log { get; } = log;

    public TopicName Topic { get; } = topic;

    /// <summary>The identity of the topic that the positions are of; empty until it is known, or if the log does not report it.</summary>
    public Guid TopicId
    {
        get => (Guid)_topicId;
        set => _topicId = value;
    }

    public ConsumerSettings Settings { get; } = settings;

    public ConsumerTelemetry Telemetry { get; } = new(topic);

    public Action<ConsumerRetry>? OnRetrying { get; set; }

    public Action<LostRecords>? OnLost { get; set; }

    /// <summary>Sends a request to the log, and retries while the log is unavailable.</summary>
    /// <exception cref="StoreUnavailableException">The log was unavailable for the whole retry timeout.</exception>
    public async ValueTask<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        for (var failures = 1; ; failures++)
        {
            TimeSpan wait;
            try
            {
                return await ask(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (_retry.IsTransient(error, cancellationToken) && !IsOver(failingSince))
            {
                failingSince ??= Settings.TimeProvider.GetTimestamp();
                wait = _retry.DelayAfter(failures, error);
                Telemetry.NoteRetry();
                OnRetrying?.Invoke(new(error, failures, wait));
            }

            await PauseAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits, and continues on the thread that ends the wait, so that a simulation controls the order.</summary>
    private async Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var timer = Settings.TimeProvider.CreateTimer(
            static over => ((TaskCompletionSource)over!).TrySetResult(), over, wait, Timeout.InfiniteTimeSpan);
        using var cancellation = cancellationToken.UnsafeRegister(
            static (over, token) => ((TaskCompletionSource)over!).TrySetCanceled(token), over);
        await over.Task.ConfigureAwait(false);
    }

    private bool IsOver(long? failingSince) =>
        Settings.RetryTimeout != Timeout.InfiniteTimeSpan
        && failingSince is { } since
        && Settings.TimeProvider.GetElapsedTime(since) >= Settings.RetryTimeout;
}
