using System.Collections.Concurrent;

namespace Orleans.Pipeline.Dashboard.History;

internal sealed class PipelineHistory
{
    private readonly ConcurrentDictionary<string, StageHistory> _stages = new();
    private LatencyStatus? _latency;
    private long? _deadLetters;

    /// <summary>Records committed per second, over all stages.</summary>
    public Series Rate { get; } = new();

    /// <summary>Records committed per second, as the engine reports them. The mean over any time is exact.</summary>
    public Series Committed { get; } = new();

    /// <summary>Records not yet committed, over all stages.</summary>
    public Series Lag { get; } = new();

    /// <summary>The median time from a record's timestamp to its effect, in milliseconds, of what was committed in each second.</summary>
    public Series P50 { get; } = new();

    /// <summary>The 99th percentile of that time.</summary>
    public Series P99 { get; } = new();

    /// <summary>Records that became dead letters, per second.</summary>
    public Series DeadLetters { get; } = new();

    /// <summary>Tasks that retry after an error, or were stopped by one.</summary>
    public Series FailingTasks { get; } = new();

    public StageHistory? Stage(string name) => _stages.GetValueOrDefault(name);

    public void Add(DateTimeOffset at, TimeSpan? elapsed, PipelineStatus status)
    {
        var rate = status.Stages.Sum(stage => AddStage(at, elapsed, stage) ?? 0);
        var tasks = status.Stages.SelectMany(stage => stage.Tasks);
        Committed.Add(at, status.RecordsPerSecond);
        Lag.Add(at, status.Lag);
        FailingTasks.Add(at, tasks.Count(task => task.Error is not null));
        if (elapsed is { } passed)
        {
            Rate.Add(at, rate);
            DeadLetters.Add(at, Math.Max(0, status.DeadLetters - (_deadLetters ?? status.DeadLetters)) / passed.TotalSeconds);
            AddLatency(at, status.Latency.Since(_latency));
        }

        _deadLetters = status.DeadLetters;
        _latency = status.Latency;
    }

    private double? AddStage(DateTimeOffset at, TimeSpan? elapsed, StageStatus stage)
    {
        if (!_stages.TryGetValue(stage.Name, out var history) || history.LagByPartition.Partitions < stage.Tasks.Count)
        {
            _stages[stage.Name] = history = new StageHistory(stage.Tasks.Count);
        }

        return history.Add(at, elapsed, stage);
    }

    /// <summary>Adds nothing if nothing was committed. The chart then has a gap.</summary>
    private void AddLatency(DateTimeOffset at, LatencyStatus latency)
    {
        if (latency.Count > 0)
        {
            P50.Add(at, latency.P50Ms);
            P99.Add(at, latency.P99Ms);
        }
    }
}
