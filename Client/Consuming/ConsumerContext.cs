using Orleans.Pipeline.Client.Retrying;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Client.Consuming;

/// <summary>What a consumer's parts share.</summary>
internal sealed class ConsumerContext(ITopicLog log, TopicName topic, ConsumerSettings settings)
{
    private readonly RetryPolicy _retry = LogRetry.Create(
        settings.InitialBackoff, settings.MaximumBackoff, settings.TimeProvider, new LockedRandom(settings.Random));

    public ITopicLog Log { get; } = log;

    public TopicName Topic { get; } = topic;

    public ConsumerSettings Settings { get; } = settings;

    public ConsumerTelemetry Telemetry { get; } = new(topic);

    /// <summary>Told of each failure that is tried again.</summary>
    public Action<ConsumerRetry>? OnRetrying { get; set; }

    /// <summary>Told of records that retention removed first.</summary>
    public Action<LostRecords>? OnLost { get; set; }

    /// <summary>Asks the log something, again and again while it is unavailable.</summary>
    /// <exception cref="StoreUnavailableException">It was unavailable for the whole retry timeout.</exception>
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

    /// <summary>As a delay, but on the thread that ends it, so that a simulation has it in its hand.</summary>
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
