using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Steps;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>The telemetry of a stage's tasks and workers: measurements per batch, chunk and commit.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="stage">The stage.</param>
/// <param name="sinks">The names of the stage's sinks, in the order of its outputs.</param>
internal sealed class StageTelemetry(string pipeline, string stage, IReadOnlyList<string> sinks)
{
    private static readonly Counter<long> InputRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.input.records", "{record}", "Records committed, dead letters counted");

    private static readonly Counter<long> InputBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.input.bytes", "By", "Bytes of the records committed, unpacked");

    private static readonly Counter<long> OutputRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.output.records", "{record}", "Records, rows or values that commits wrote to a sink");

    private static readonly Counter<long> OutputBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.output.bytes", "By", "Bytes of the batches written to topics");

    private static readonly Histogram<double> Latency = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.latency",
        "s",
        "Time from append to committed effect, of the oldest record of each batch",
        advice: Buckets.LongSeconds);

    private static readonly Histogram<double> CommitDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.commit.duration", "s", "Time of a commit, with retries until it succeeds", advice: Buckets.Seconds);

    private static readonly Histogram<long> CommitRecords = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.commit.records", "{record}", "Records of a commit", advice: Buckets.Counts);

    private static readonly Histogram<double> DeliveryDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.delivery.duration",
        "s",
        "Time of delivering to the sinks outside the database, with retries until it succeeds",
        advice: Buckets.Seconds);

    private static readonly Histogram<double> ChunkDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.chunk.duration", "s", "Time of a worker's run of all steps over a chunk", advice: Buckets.Seconds);

    private static readonly Histogram<double> ChunkWait = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.chunk.wait", "s", "Time that a chunk waited for a worker", advice: Buckets.Seconds);

    private static readonly Histogram<double> StepDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.stage.step.duration", "s", "Time in one step, of one record in each chunk", advice: Buckets.ShortSeconds);

    private static readonly Counter<long> RecordRetries = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.record.retries", "{retry}", "Records tried again because a step failed");

    private static readonly Counter<long> DeadLetters = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.dead_letters", "{record}", "Records that became dead letters");

    private static readonly Counter<long> TaskRetries = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.task.retries", "{retry}", "Operations that a task retried, such as reads and commits");

    private static readonly Counter<long> Takeovers = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.task.takeovers", "{takeover}", "Tasks taken over by this process");

    private static readonly Counter<long> Fencings = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.stage.task.fencings", "{fencing}", "Commits refused because the task had a newer owner, or had been moved");

    private static readonly Counter<double> ReadAheadWait = PipelineTelemetry.Meter.CreateCounter<double>(
        "pipeline.stage.read_ahead.wait", "s", "Time that tasks waited for room in the read-ahead");

    private readonly KeyValuePair<string, object?> _pipeline = new(TelemetryTags.Pipeline, pipeline);
    private readonly KeyValuePair<string, object?> _stage = new(TelemetryTags.Stage, stage);
    private readonly KeyValuePair<string, object?>[] _sinks =
        [.. sinks.Select(sink => new KeyValuePair<string, object?>(TelemetryTags.Sink, sink))];
    private readonly ErrorTypes _errors = new();

    public static bool WantsSteps => StepDuration.Enabled;

    public StageSpans Spans { get; } = new(pipeline, stage);

    /// <summary>Starts the counters at 0 whose attributes are known.</summary>
    public void Begin()
    {
        InputRecords.Add(0, _pipeline, _stage);
        InputBytes.Add(0, _pipeline, _stage);
        Takeovers.Add(0, _pipeline, _stage);
        Fencings.Add(0, _pipeline, _stage);
        ReadAheadWait.Add(0, _pipeline, _stage);
    }

    public void NoteTakeover() => Takeovers.Add(1, _pipeline, _stage);

    public void NoteFencing() => Fencings.Add(1, _pipeline, _stage);

    public void NoteReadAheadWait(TimeSpan wait) => ReadAheadWait.Add(wait.TotalSeconds, _pipeline, _stage);

    public void NoteTaskRetry(Exception error) =>
        TaskRetries.Add(1, _pipeline, _stage, new(TelemetryTags.ErrorType, _errors.NameOf(error.GetType())));

    public void NoteRecordRetry(string step, Exception error) => RecordRetries.Add(1, TagsOf(step, error.GetType()));

    public void NoteChunk(TimeSpan wait, TimeSpan duration)
    {
        ChunkWait.Record(wait.TotalSeconds, _pipeline, _stage);
        ChunkDuration.Record(duration.TotalSeconds, _pipeline, _stage);
    }

    public void NoteSteps(StepTiming? timing, Activity? chunk)
    {
        foreach (var step in timing?.Steps ?? [])
        {
            StepDuration.Record(step.Duration.TotalSeconds, _pipeline, _stage, new(TelemetryTags.Step, step.Step));
            StageSpans.AddStep(chunk, step);
        }
    }

    public void NoteDelivery(TimeSpan duration) => DeliveryDuration.Record(duration.TotalSeconds, _pipeline, _stage);

    /// <summary>Records a commit that was made.</summary>
    /// <param name="group">The committed batches.</param>
    /// <param name="written">The volume written to each sink.</param>
    /// <param name="duration">The duration of the commit.</param>
    /// <param name="now">The time, in milliseconds since 1970-01-01T00:00:00Z.</param>
    public void NoteCommit(CommitGroup group, IReadOnlyList<SinkVolume> written, TimeSpan duration, long now)
    {
        CommitDuration.Record(duration.TotalSeconds, _pipeline, _stage);
        CommitRecords.Record(group.Records, _pipeline, _stage);
        InputRecords.Add(group.Records, _pipeline, _stage);
        InputBytes.Add(group.Bytes, _pipeline, _stage);
        NoteLatency(group, now);
        NoteOutputs(written);
        foreach (var (cause, count) in group.Causes)
        {
            DeadLetters.Add(count, TagsOf(cause.Step, cause.Error));
        }
    }

    private void NoteLatency(CommitGroup group, long now)
    {
        if (!Latency.Enabled)
        {
            return;
        }

        foreach (var batch in group.Batches)
        {
            if (batch.Records > 0)
            {
                Latency.Record(Math.Max(0, now - batch.Timestamp) / 1000.0, _pipeline, _stage);
            }
        }
    }

    private void NoteOutputs(IReadOnlyList<SinkVolume> written)
    {
        for (var sink = 0; sink < Math.Min(written.Count, _sinks.Length); sink++)
        {
            OutputRecords.Add(written[sink].Records, _pipeline, _stage, _sinks[sink]);
            if (written[sink].Bytes > 0)
            {
                OutputBytes.Add(written[sink].Bytes, _pipeline, _stage, _sinks[sink]);
            }
        }
    }

    private TagList TagsOf(string step, Type error) =>
        new() { _pipeline, _stage, { TelemetryTags.Step, step }, { TelemetryTags.ErrorType, _errors.NameOf(error) } };
}
