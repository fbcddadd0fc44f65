using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>How many calls the grains of this silo have made and had answered, by Orleans' own count; its system's calls are among them.</summary>
internal sealed class GrainCallCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _calls;

    public GrainCallCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.Orleans", Name: "orleans-app-requests-latency-count" or "orleans-app-requests-latency-sum" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name.EndsWith("-count", StringComparison.Ordinal))
            {
                _calls = value;
            }
        });
        _listener.Start();
    }

    public long Read()
    {
        _listener.RecordObservableInstruments();
        return _calls;
    }

    public void Dispose() => _listener.Dispose();
}
