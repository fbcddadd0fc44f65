using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <param name="Log">The log that admits the upload.</param>
/// <param name="Store">The log that the lines are appended to.</param>
/// <param name="Settings">The limits on memory and on waiting.</param>
/// <param name="Time">The clock.</param>
/// <param name="Stopping">Cancelled when the host begins to stop.</param>
internal sealed record UploadContext(
    AdmittingTopicLog Log, ITopicStore Store, GatewaySettings Settings, TimeProvider Time, CancellationToken Stopping)
{
    /// <summary>Waits exactly as long as the log asks.</summary>
    private static readonly RetryPolicy Retry = new()
    {
        InitialDelay = TimeSpan.Zero,
        MaximumDelay = TimeSpan.Zero,
        IsTransient = static (error, _) => error is BackpressureException,
        RequestedDelay = static error => (error as BackpressureException)?.RetryAfter,
    };

    /// <summary>
    /// Waits until a topic admits appends: up to <see cref="GatewayLimits.UploadWait"/> if patient, otherwise not at all.
    /// </summary>
    /// <exception cref="BackpressureException">The topic's lag stayed over its limit.</exception>
    /// <exception cref="HostStoppingException">The host is stopping.</exception>
    public async ValueTask AdmitAsync(TopicName topic, bool isPatient, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            TimeSpan pause;
            try
            {
                await Log.AdmitAsync(topic, cancellationToken);
                return;
            }
            catch (Exception error) when (isPatient && Retry.IsTransient(error, cancellationToken)
                && Time.GetElapsedTime(start) + Retry.DelayAfter(failures, error) <= Settings.Limits.UploadWait)
            {
                pause = Retry.DelayAfter(failures, error);
            }

            await PauseAsync(pause, cancellationToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            await Task.Delay(pause, Time, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostStoppingException();
        }
    }
}
