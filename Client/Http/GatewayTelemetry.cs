using System.Diagnostics.Metrics;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Http;

internal sealed class GatewayTelemetry
{
    private static readonly Counter<long> Reconnects = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.client.reconnects",
        "{reconnect}",
        "Answers after a lost request, by the gateway that answered");

    private int _isAway;

    public void NoteLost() => Volatile.Write(ref _isAway, 1);

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
