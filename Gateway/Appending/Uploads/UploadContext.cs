using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>The services and settings of an upload.</summary>
/// <param name="Log">The log that admits it.</param>
/// <param name="Store">The log that it is appended to.</param>
/// <param name="Settings">How much it may hold, and how long it may wait.</param>
/// <param name="Time">The clock.</param>
/// <param name="Stopping">Cancelled when the host begins to stop.</param>
internal sealed record UploadContext(
    AdmittingTopicLog Log, ITopicStore Store, GatewaySettings Settings, TimeProvider Time, CancellationToken Stopping)
{
    /// <summary>Waits until a topic admits appends, as long as the settings say if the upload has begun and else not at all.</summary>
    /// <exception cref="BackpressureException">The topic's lag stayed over its limit.</exception>
    /// <exception cref="HostStoppingException">The host stops.</exception>
    public async ValueTask AdmitAsync(TopicName topic, bool isPatient, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        while (true)
        {
            TimeSpan pause;
            try
            {
                await Log.AdmitAsync(topic, cancellationToken);
                return;
            }
            catch (BackpressureException pushedBack)
                when (isPatient && Time.GetElapsedTime(start) + pushedBack.RetryAfter <= Settings.Limits.UploadWait)
            {
                pause = pushedBack.RetryAfter;
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
