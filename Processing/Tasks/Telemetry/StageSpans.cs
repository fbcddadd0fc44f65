using System.Diagnostics;
using System.Globalization;
using Orleans.Pipeline.Steps;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Tasks.Telemetry;

/// <summary>
/// The spans of a stage: one per batch with one per chunk inside it, and one per commit. The span of a batch is in the trace of its
/// records, or linked to their traces.
/// </summary>
internal sealed class StageSpans(string pipeline, string stage)
{
    private readonly string _process = $"{TelemetryTags.Process} {pipeline}/{stage}";
    private readonly string _chunk = $"chunk {pipeline}/{stage}";
    private readonly string _commit = $"commit {pipeline}/{stage}";

    /// <summary>
    /// Starts the span of a batch, which ends when the batch's records are processed. Call this in an asynchronous method, so that the
    /// change of the current activity stays inside it.
    /// </summary>
    /// <returns>The span; null if there is no listener or the span is not sampled.</returns>
    public Activity? StartProcess(RecordBatch batch, TopicPartition source, int skip)
    {
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return null;
        }

        var span = TraceLinks.Start(_process, ActivityKind.Consumer, TraceLinks.Of(batch, skip));
        if (span is { IsAllDataRequested: true })
        {
            Describe(span);
            span.SetTag(TelemetryTags.System, TelemetryTags.SystemName);
            span.SetTag(TelemetryTags.Operation, TelemetryTags.Process);
            span.SetTag(TelemetryTags.OperationType, TelemetryTags.Process);
            span.SetTag(TelemetryTags.Destination, source.Topic.Value);
            span.SetTag(TelemetryTags.DestinationPartition, source.Partition.ToString(CultureInfo.InvariantCulture));
            span.SetTag(TelemetryTags.Offset, batch.BaseOffset + skip);
            span.SetTag(TelemetryTags.BatchCount, batch.Count - skip);
        }

        return span;
    }

    /// <summary>
    /// Starts the span of a chunk, if its batch has a span. The records of a compressed batch can be read now, so the batch's span is
    /// linked to their traces.
    /// </summary>
    public Activity? StartChunk(Chunk chunk, RecordBatch unpacked)
    {
        if (chunk.Span is not { Recorded: true } batch)
        {
            return null;
        }

        if (chunk.Batch.Compression != Compression.None)
        {
            foreach (var trace in TraceLinks.Of(unpacked, chunk.Skip))
            {
                batch.AddLink(new ActivityLink(trace));
            }
        }

        var span = PipelineTelemetry.Source.StartActivity(_chunk, ActivityKind.Internal, batch.Context);
        if (span is not null)
        {
            Describe(span);
            span.SetTag(TelemetryTags.BatchCount, chunk.Count);
        }

        return span;
    }

    public static void AddStep(Activity? chunk, StepTime step)
    {
        if (chunk is { Recorded: true })
        {
            using var span = PipelineTelemetry.Source.StartActivity(
                $"step {step.Step}", ActivityKind.Internal, chunk.Context, startTime: step.BeganAt);
            span?.SetTag(TelemetryTags.Step, step.Step).SetEndTime((step.BeganAt + step.Duration).UtcDateTime);
        }
    }

    /// <summary>
    /// Starts the span of a commit, if a batch of it has a span. The commit's span is in the trace of the only such batch, or linked to
    /// all of them. Call this in an asynchronous method, so that the change of the current activity stays inside it.
    /// </summary>
    public Activity? StartCommit(CommitGroup group)
    {
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return null;
        }

        var traces = group.Batches.Select(batch => batch.Trace).Where(trace => trace != default).Take(TraceLinks.Most).ToList();
        var span = traces.Count > 0 ? TraceLinks.Start(_commit, ActivityKind.Internal, traces) : null;
        if (span is { IsAllDataRequested: true })
        {
            Describe(span);
            span.SetTag(TelemetryTags.BatchCount, group.Records);
        }

        return span;
    }

    private void Describe(Activity span)
    {
        span.SetTag(TelemetryTags.Pipeline, pipeline);
        span.SetTag(TelemetryTags.Stage, stage);
    }
}
