using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Client.Retrying;

/// <summary>Creates the policy by which a producer or consumer retries requests to the log.</summary>
internal static class LogRetry
{
    public static RetryPolicy Create(TimeSpan initialBackoff, TimeSpan maximumBackoff, TimeProvider timeProvider, Random random) => new()
    {
        InitialDelay = initialBackoff,
        MaximumDelay = maximumBackoff,
        TimeProvider = timeProvider,
        Random = random,
        IsTransient = IsOutage,
        RequestedDelay = RequestedDelay,
    };

    /// <summary>
    /// Returns whether an error says nothing about the request itself: the log is unavailable, slow or pushes back. A cancellation counts
    /// unless the caller asked for it.
    /// </summary>
    private static bool IsOutage(Exception error, CancellationToken cancellationToken) => error switch
    {
        StoreUnavailableException or TimeoutException or BackpressureException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private static TimeSpan? RequestedDelay(Exception error) => error switch
    {
        BackpressureException pushedBack => pushedBack.RetryAfter,
        StoreUnavailableException unavailable => unavailable.RetryAfter,
        _ => null,
    };
}
