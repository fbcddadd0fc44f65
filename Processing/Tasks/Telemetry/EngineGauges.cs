using System.Diagnostics.Metrics;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>The gauges of a running engine: the states of its tasks and their lag.</summary>
internal sealed class EngineGauges : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly GaugeSource _source;
    private readonly LagSampler _sampler;
    private readonly Meter _meter = PipelineTelemetry.NewMeter(PipelineTelemetry.Name);
    private readonly Meter _partitions = PipelineTelemetry.NewMeter(PipelineTelemetry.PartitionsName);
    private readonly List<Instrument> _sampled = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sampling;
    private volatile LagSample _sample = LagSample.None;

    public EngineGauges(GaugeSource source)
    {
        _source = source;
        _sampler = new LagSampler(source);
        BeginCounters();
        CreateTaskGauges();
        CreateLagGauges();
        _sampling = SampleAsync();
    }

    /// <summary>Samples the lag now, without waiting for the next interval.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken) => _sample = await _sampler.SampleAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sampling;
        _meter.Dispose();
        _partitions.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Starts known counters at 0, so that <c>rate()</c> sees their first increment.</summary>
    private void BeginCounters()
    {
        foreach (var stage in _source.Stages)
        {
            new StageTelemetry(stage.Pipeline, stage.Name, sinks: []).Begin();
        }

        foreach (var topic in _source.Topics)
        {
            TopicTelemetry.Begin(topic);
        }
    }

    private void CreateTaskGauges()
    {
        _meter.CreateObservableGauge("pipeline.stage.tasks", TasksByState, "{task}", "Tasks by state");
        _meter.CreateObservableGauge(
            "pipeline.stage.chunks.running", () => ByStage(task => task.Progress.ChunksRunning), "{chunk}", "Chunks that workers run now");
        _meter.CreateObservableGauge(
            "pipeline.stage.chunks.waiting",
            () => ByStage(task => task.Progress.ChunksWaiting),
            "{chunk}",
            "Chunks that wait for a worker now");
        _meter.CreateObservableGauge(
            "pipeline.stage.read_ahead.used", () => ByStage(task => task.ReadAhead.Used), "By", "Bytes read but not yet committed");
        _meter.CreateObservableGauge(
            "pipeline.stage.read_ahead.limit",
            () => ByStage(task => task.ReadAhead.Limit),
            "By",
            "The most bytes that may be read but not yet committed");
        _meter.CreateObservableGauge(
            "pipeline.workers.limit", () => _source.Workers, "{worker}", "Chunks that the workers of this process can run at once");
        if (_source.Silos is { } silos)
        {
            _meter.CreateObservableGauge("pipeline.cluster.silos", silos, "{silo}", "Silos that are active as this silo sees it");
        }
    }

    private void CreateLagGauges()
    {
        Sampled(_meter.CreateObservableGauge("pipeline.stage.lag.records", LagByStage, "{record}", "Records not yet committed"));
        Sampled(_meter.CreateObservableGauge("pipeline.stage.lag.time", AgeByStage, "s", "Age of the oldest record not yet committed"));
        Sampled(_partitions.CreateObservableGauge(
            "pipeline.task.lag.records",
            () => _sample.Tasks.Select(task => new Measurement<long>(task.Lag, TagsOf(task.Id))),
            "{record}",
            "Records not yet committed, by partition"));
        Sampled(_partitions.CreateObservableGauge(
            "pipeline.task.lag.time",
            () => _sample.Tasks.Select(task => new Measurement<double>(task.AgeAt(Now), TagsOf(task.Id))),
            "s",
            "Age of the oldest record not yet committed, by partition"));
        Sampled(_meter.CreateObservableGauge(
            "pipeline.topic.kept.records",
            () => _sample.Topics.Select(topic => new Measurement<long>(topic.Records, TagOf(topic.Topic))),
            "{record}",
            "Records kept"));
        Sampled(_meter.CreateObservableGauge(
            "pipeline.topic.kept.bytes",
            () => _sample.Topics.Select(topic => new Measurement<long>(topic.Bytes, TagOf(topic.Topic))),
            "By",
            "Bytes of the records kept"));
        Sampled(_meter.CreateObservableGauge(
            "pipeline.stage.undefined.records",
            () => _sample.Undefined.Select(stage => new Measurement<long>(stage.Records, TagsOf(stage))),
            "{record}",
            "Records kept for checkpoints that no host defines"));
        Sampled(_meter.CreateObservableGauge("pipeline.store.size", StoreSize, "By", "Size of the database on its disk"));
    }

    private long Now => _source.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private void Sampled(Instrument instrument) => _sampled.Add(instrument);

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval, _source.TimeProvider);
        try
        {
            do
            {
                try
                {
                    if (_sampled.Exists(instrument => instrument.Enabled))
                    {
                        await RefreshAsync(_stopping.Token);
                    }
                }
                catch (Exception) when (!_stopping.IsCancellationRequested)
                {
                    // The store is away, or a topic has just been deleted. The old sample may be wrong by now, so it is dropped.
                    _sample = LagSample.None;
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private IEnumerable<Measurement<long>> TasksByState()
    {
        var tasks = _source.LocalTasks().ToList();
        foreach (var stage in _source.Stages)
        {
            var ofStage = tasks.FindAll(task => task.Id.Pipeline == stage.Pipeline && task.Id.Stage == stage.Name);
            var missing = _source.PartitionsFor(stage.Source)
                .Count(partition => !ofStage.Exists(task => task.Id.Partition == partition.Partition));
            foreach (var state in Enum.GetValues<RunState>())
            {
                var count = ofStage.Count(task => task.State == state) + (state == RunState.Stopped ? missing : 0);
                yield return new Measurement<long>(
                    count,
                    new(TelemetryTags.Pipeline, stage.Pipeline),
                    new(TelemetryTags.Stage, stage.Name),
                    new(TelemetryTags.TaskState, NameOf(state)));
            }
        }
    }

    private IEnumerable<Measurement<long>> ByStage(Func<LocalTask, long> valueOf)
    {
        var tasks = _source.LocalTasks().ToLookup(task => (task.Id.Pipeline, task.Id.Stage), valueOf);
        return _source.Stages.Select(stage => new Measurement<long>(tasks[(stage.Pipeline, stage.Name)].Sum(), TagsOf(stage)));
    }

    private IEnumerable<Measurement<long>> LagByStage() =>
        SampledStages().Select(stage => new Measurement<long>(stage.Tasks.Sum(task => task.Lag), TagsOf(stage.Stage)));

    private IEnumerable<Measurement<double>> AgeByStage()
    {
        var now = Now;
        return SampledStages().Select(stage => new Measurement<double>(stage.Tasks.Max(task => task.AgeAt(now)), TagsOf(stage.Stage)));
    }

    private IEnumerable<(StageDefinition Stage, IEnumerable<TaskSample> Tasks)> SampledStages()
    {
        var tasks = _sample.Tasks.ToLookup(task => (task.Id.Pipeline, task.Id.Stage));
        return _source.Stages.Select(stage => (stage, tasks[(stage.Pipeline, stage.Name)])).Where(sampled => sampled.Item2.Any());
    }

    private IEnumerable<Measurement<long>> StoreSize() => _sample.StoreBytes is { } bytes ? [new Measurement<long>(bytes)] : [];

    private static string NameOf(RunState state) => state switch
    {
        RunState.Running => "running",
        RunState.Draining => "draining",
        RunState.Paused => "paused",
        RunState.Retrying => "retrying",
        _ => "stopped",
    };

    private static KeyValuePair<string, object?> TagOf(TopicName topic) => new(TelemetryTags.Topic, topic.Value);

    private static KeyValuePair<string, object?>[] TagsOf(StageDefinition stage) =>
        [new(TelemetryTags.Pipeline, stage.Pipeline), new(TelemetryTags.Stage, stage.Name)];

    private static KeyValuePair<string, object?>[] TagsOf(UndefinedStage stage) =>
        [new(TelemetryTags.Pipeline, stage.Pipeline), new(TelemetryTags.Stage, stage.Stage), TagOf(stage.Topic)];

    private static KeyValuePair<string, object?>[] TagsOf(TaskId task) =>
        [new(TelemetryTags.Pipeline, task.Pipeline), new(TelemetryTags.Stage, task.Stage), new(TelemetryTags.Partition, task.Partition)];
}
