namespace Orleans.Pipeline.Retrying;

/// <summary>
/// Decides which errors are retried, and after which delay. Delays begin at <see cref="InitialDelay"/> and double up to
/// <see cref="MaximumDelay"/>; each varies by up to a fifth either way, and none exceeds the maximum. The policy keeps no state, so many
/// calls can share one.
/// </summary>
internal sealed class RetryPolicy
{
    private const double Jitter = 0.2;
    private const int MaximumDoublings = 62;

    /// <summary>The delay after the first failure, before jitter; zero tries again at once.</summary>
    public required TimeSpan InitialDelay { get; init; }

    /// <summary>The maximum of a delay that the failure itself does not ask for.</summary>
    public required TimeSpan MaximumDelay { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter; a seeded one makes the delays repeatable.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// Returns whether an error of a call with a cancellation token may pass by itself. Default: every error but a cancellation.
    /// </summary>
    public Func<Exception, CancellationToken, bool> IsTransient { get; init; } = static (error, _) =>
        error is not OperationCanceledException;

    /// <summary>Returns the delay for which an error asks; null for none. Default: none.</summary>
    public Func<Exception, TimeSpan?> RequestedDelay { get; init; } = static _ => null;

    /// <summary>Returns the delay after a number of failures in a row, 1 or more.</summary>
    public TimeSpan DelayAfter(int failures)
    {
        var delay = Math.Min(Math.ScaleB(InitialDelay.Ticks, Math.Min(failures - 1, MaximumDoublings)), MaximumDelay.Ticks);
        var jittered = delay * (1 - Jitter + (2 * Jitter * Random.NextDouble()));
        return jittered < MaximumDelay.Ticks ? TimeSpan.FromTicks((long)jittered) : MaximumDelay;
    }

    /// <summary>Returns the delay after a number of failures in a row, or the longer one for which the last error asks.</summary>
    public TimeSpan DelayAfter(int failures, Exception error)
    {
        var delay = DelayAfter(failures);
        return RequestedDelay(error) is { } requested && requested > delay ? requested : delay;
    }

    /// <exception cref="OperationCanceledException">The token was cancelled before or while waiting.</exception>
    public Task PauseAsync(int failures, CancellationToken cancellationToken) => WaitAsync(DelayAfter(failures), cancellationToken);

    /// <summary>Runs an action until it succeeds or fails with an error that is not transient. Retries run on the thread pool.</summary>
    public async ValueTask<TResult> ExecuteAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> action, TState state, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan delay;
            try
            {
                return await action(state, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsTransient(error, cancellationToken))
            {
                delay = DelayAfter(failures, error);
            }

            await WaitAsync(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        return delay > TimeSpan.Zero ? Task.Delay(delay, TimeProvider, cancellationToken) : Task.CompletedTask;
    }
}
