using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>
/// Counts the answered calls that grains of this silo made, as Orleans measures them, calls of Orleans' own included.
/// </summary>
internal sealed class GrainCallCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _calls;

    public GrainCallCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.Orleans", Name: "orleans-app-requests-latency" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _calls));
        _listener.Start();
    }

    public long Read() => Interlocked.Read(ref _calls);

    public void Dispose() => _listener.Dispose();
}
