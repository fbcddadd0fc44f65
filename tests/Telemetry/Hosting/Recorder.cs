using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Telemetry.Tests.Hosting;

/// <summary>Hears all that is measured and traced in this process.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly Lock _lock = new();
    private readonly List<(Func<Seen, bool> IsIt, TaskCompletionSource Came)> _waiters = [];
    private readonly List<Seen> _seen = [];
    private readonly ConcurrentQueue<Activity> _spans = [];

    public Recorder()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is PipelineTelemetry.Name or PipelineTelemetry.PartitionsName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyList<Seen> Measurements
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    public IReadOnlyList<Activity> Spans => [.. _spans];

    public void ReadGauges() => _meters.RecordObservableInstruments();

    /// <summary>Completes when something is measured that fits, or was.</summary>
    public Task WhenSeenAsync(Func<Seen, bool> isIt)
    {
        lock (_lock)
        {
            if (_seen.Exists(seen => isIt(seen)))
            {
                return Task.CompletedTask;
            }

            var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((isIt, came));
            return came.Task;
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var seen = new Seen(instrument, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value));
        lock (_lock)
        {
            _seen.Add(seen);
            _waiters.RemoveAll(waiter => waiter.IsIt(seen) && waiter.Came.TrySetResult());
        }
    }
}

/// <summary>A measurement.</summary>
internal sealed record Seen(Instrument Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public string Name => Instrument.Name;

    /// <summary>Whether it is one of an instrument, above 0.</summary>
    public bool Counts(string instrument) => Name == instrument && Value > 0;
}
