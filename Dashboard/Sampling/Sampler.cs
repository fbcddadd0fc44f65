using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Dashboard.Sampling;

/// <summary>
/// Samples the engine and the store, once for all viewers: every second while there are viewers, otherwise every ten seconds, so that the
/// next viewer sees the last hour. After a slow sample the sampler rests ten times as long as the sample took, up to ten seconds.
/// </summary>
internal sealed partial class Sampler(
    SnapshotReader reader, Recorder recorder, TimeProvider timeProvider, ILogger<Sampler> logger) : BackgroundService
{
    private const int RestPerWork = 10;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Action> _viewers = [];
    private TaskCompletionSource _woken = NewSignal();
    private volatile Snapshot _latest = Snapshot.None;

    public Snapshot Latest => _latest;

    /// <summary>Adds a viewer. While there are viewers, the sampler samples every second.</summary>
    /// <param name="sampled">Called after each sample, on the sampler's thread.</param>
    /// <returns>Removes the viewer when disposed.</returns>
    public IDisposable Watch(Action sampled)
    {
        lock (_lock)
        {
            _viewers.Add(sampled);
            if (_viewers.Count == 1)
            {
                _woken.TrySetResult();
            }
        }

        return new Viewer(this, sampled);
    }

    public void Refresh()
    {
        lock (_lock)
        {
            _woken.TrySetResult();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var start = timeProvider.GetTimestamp();
            await SampleAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RestAsync(timeProvider.GetElapsedTime(start), stoppingToken);
        }
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        var before = _latest;
        var snapshot = await reader.ReadAsync(before, cancellationToken);
        recorder.Add(snapshot);
        Tell(before.Outages, snapshot.Outages);
        _latest = snapshot;
        Action[] viewers;
        lock (_lock)
        {
            viewers = [.. _viewers];
        }

        foreach (var viewer in viewers)
        {
            viewer();
        }
    }

    private async Task RestAsync(TimeSpan worked, CancellationToken stopping)
    {
        TaskCompletionSource woken;
        TimeSpan interval;
        lock (_lock)
        {
            interval = _viewers.Count > 0 ? Watched : Unwatched;
            woken = _woken;
        }

        var rest = TimeSpan.FromTicks(Math.Clamp(worked.Ticks * RestPerWork, Math.Max(0, (interval - worked).Ticks), Unwatched.Ticks));
        await woken.Task.WaitAsync(rest, timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (woken.Task.IsCompleted)
        {
            lock (_lock)
            {
                _woken = NewSignal();
            }
        }
    }

    private void Tell(IReadOnlyList<Outage> before, IReadOnlyList<Outage> now)
    {
        foreach (var begun in now.Where(outage => before.All(known => known.Part != outage.Part)))
        {
            LogOutage(logger, begun.Part, begun.Reason);
        }
    }

    private void Leave(Action sampled)
    {
        lock (_lock)
        {
            _viewers.Remove(sampled);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The dashboard gets no answer from the {Part}: {Reason}")]
    private static partial void LogOutage(ILogger logger, string part, string reason);

    private sealed class Viewer(Sampler sampler, Action sampled) : IDisposable
    {
        public void Dispose() => sampler.Leave(sampled);
    }
}
