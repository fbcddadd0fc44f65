using System.Diagnostics.Metrics;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Http;

/// <summary>The telemetry of a client's connections to gateways.</summary>
internal sealed class GatewayTelemetry
{
    private static readonly Counter<long> Reconnects = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.client.reconnects",
        "{reconnect}",
        "Times that a gateway answered after the request before had been lost, by who answered");

    private int _isAway;

    /// <summary>Notes that a request was lost: no gateway answered it.</summary>
    public void NoteLost() => Volatile.Write(ref _isAway, 1);

    /// <summary>Notes that a gateway answered.</summary>
    public void NoteAnswered(Uri address)
    {
        if (Volatile.Read(ref _isAway) != 0 && Interlocked.Exchange(ref _isAway, 0) != 0)
        {
            Reconnects.Add(
                1,
                new KeyValuePair<string, object?>(TelemetryTags.ServerAddress, address.Host),
                new KeyValuePair<string, object?>(TelemetryTags.ServerPort, address.Port));
        }
    }
}
