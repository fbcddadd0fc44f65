using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Reading;

/// <summary>Limits the bytes and the wait of a read to the gateway's limits, and ends the wait when the host stops.</summary>
internal sealed class ReadBounds(GatewaySettings settings, IHostApplicationLifetime lifetime)
{
    private const int DefaultBytes = 1 << 20;

    /// <summary>The most bytes of batches that a read returns.</summary>
    /// <exception cref="InvalidRequestException">The request asks for less than one byte.</exception>
    public int Bytes(int? maxBytes) => Math.Min(AtLeast(1, maxBytes ?? DefaultBytes, "maxBytes"), settings.Limits.ReadBytes);

    /// <exception cref="InvalidRequestException">The request asks for a negative wait.</exception>
    public TimeSpan Wait(int? waitMs)
    {
        var asked = TimeSpan.FromMilliseconds(AtLeast(0, waitMs ?? 0, "waitMs"));
        return asked < settings.Limits.Wait ? asked : settings.Limits.Wait;
    }

    /// <summary>Reads. When the host stops, the wait ends with nothing read, so that readers do not delay the stop.</summary>
    public async ValueTask<IReadOnlyList<T>> UntilStoppingAsync<T>(
        Func<CancellationToken, ValueTask<IReadOnlyList<T>>> read, CancellationToken aborted)
    {
        var stopping = lifetime.ApplicationStopping;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        try
        {
            return await read(ends.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            return [];
        }
    }

    private static int AtLeast(int least, int value, string name) =>
        value >= least ? value : throw new InvalidRequestException($"'{name}' is {value}; give {least} or more.");
}
