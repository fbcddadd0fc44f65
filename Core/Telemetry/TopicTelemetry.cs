using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Orleans.Pipeline.Telemetry;

/// <summary>The telemetry of topics in stores and gateways: measurements per batch, and one span per append.</summary>
internal static class TopicTelemetry
{
    private static readonly Counter<long> AppendedRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.append.records", "{record}", "Records appended, repeats not counted");

    private static readonly Counter<long> AppendedBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.append.bytes", "By", "Bytes of the batches appended");

    private static readonly Histogram<double> AppendDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.topic.append.duration", "s", "Time from a producer's append call until the batch is durable", advice: Buckets.Seconds);

    private static readonly Counter<long> Repeats = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.append.repeats", "{batch}", "Batches sent again that the log already had");

    private static readonly Counter<long> Ahead = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.append.ahead", "{record}", "Records of producers that are dated further ahead of the clock than they may be");

    private static readonly Counter<long> StreamRepeats = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.stream.repeats", "{event}", "Events of an Orleans stream that were skipped as repeats");

    private static readonly Histogram<long> BatchRecords = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.topic.batch.records", "{record}", "Records of a producer's batch", advice: Buckets.Counts);

    private static readonly Histogram<long> BatchSize = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.topic.batch.size", "By", "Bytes of a producer's batch", advice: Buckets.Bytes);

    private static readonly Counter<long> ReadRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.read.records", "{record}", "Records read, by tasks and clients");

    private static readonly Counter<long> ReadBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.read.bytes", "By", "Bytes of the batches read");

    private static readonly Counter<long> Refusals = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.backpressure.refusals", "{append}", "Appends pushed back because the topic's lag is over its limit");

    private static readonly Counter<double> PushBackTime = PipelineTelemetry.Meter.CreateCounter<double>(
        "pipeline.topic.backpressure.time", "s", "Time during which the topic pushed appends back");

    private static readonly Counter<long> Removed = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.retention.records", "{record}", "Records removed by retention");

    private static readonly Counter<long> Discarded = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.topic.retention.discarded",
        "{record}",
        "Records removed by retention that a pipeline on the topic had not committed yet");

    public static void NoteStreamRepeats(TopicName topic, int events) => StreamRepeats.Add(events, TagOf(topic));

    /// <summary>Starts the counters of a topic at 0, so that <c>rate()</c> sees their first increment.</summary>
    public static void Begin(TopicName topic)
    {
        AppendedRecords.Add(0, TagOf(topic));
        AppendedBytes.Add(0, TagOf(topic));
        Repeats.Add(0, TagOf(topic));
        Ahead.Add(0, TagOf(topic));
        ReadRecords.Add(0, TagOf(topic));
        ReadBytes.Add(0, TagOf(topic));
        Refusals.Add(0, TagOf(topic));
        PushBackTime.Add(0, TagOf(topic));
        Removed.Add(0, TagOf(topic));
        Discarded.Add(0, TagOf(topic));
    }

    public static bool MeasuresAppends => AppendDuration.Enabled || AppendedRecords.Enabled || PipelineTelemetry.Source.HasListeners();

    /// <summary>Counts a batch without the measurements that only a producer's append has.</summary>
    public static void NoteAppended(TopicName topic, RecordBatch batch)
    {
        AppendedRecords.Add(batch.Count, TagOf(topic));
        AppendedBytes.Add(batch.Bytes.Length, TagOf(topic));
    }

    public static void NoteRead(TopicName topic, IReadOnlyList<RecordBatch> batches)
    {
        if (batches.Count == 0 || !(ReadRecords.Enabled || ReadBytes.Enabled))
        {
            return;
        }

        var (records, bytes) = (0L, 0L);
        foreach (var batch in batches)
        {
            records += batch.Count;
            bytes += batch.Bytes.Length;
        }

        ReadRecords.Add(records, TagOf(topic));
        ReadBytes.Add(bytes, TagOf(topic));
    }

    public static void NoteAhead(TopicName topic, int records) => Ahead.Add(records, TagOf(topic));

    public static void NoteRefusal(TopicName topic) => Refusals.Add(1, TagOf(topic));

    public static void NotePushBack(TopicName topic, TimeSpan time) => PushBackTime.Add(time.TotalSeconds, TagOf(topic));

    public static void NoteRemoved(TopicName topic, long records, long unread)
    {
        Removed.Add(records, TagOf(topic));
        if (unread > 0)
        {
            Discarded.Add(unread, TagOf(topic));
        }
    }

    /// <summary>Starts the span of an append, linked to the traces of the records. Returns null if there is no listener.</summary>
    public static Activity? StartAppend(TopicPartition partition, RecordBatch batch)
    {
        var span = PipelineTelemetry.Source.HasListeners() ? PipelineTelemetry.Source.StartActivity($"append {partition.Topic}") : null;
        if (span is not { IsAllDataRequested: true })
        {
            return span;
        }

        span.SetTag(TelemetryTags.System, TelemetryTags.SystemName);
        span.SetTag(TelemetryTags.Destination, partition.Topic.Value);
        span.SetTag(TelemetryTags.DestinationPartition, partition.Partition.ToString(CultureInfo.InvariantCulture));
        span.SetTag(TelemetryTags.BatchCount, batch.Count);
        foreach (var trace in TraceLinks.Of(batch))
        {
            if (trace.TraceId != span.TraceId)
            {
                span.AddLink(new ActivityLink(trace));
            }
        }

        return span;
    }

    public static void NoteAppend(TopicName topic, RecordBatch batch, AppendResult result, TimeSpan duration)
    {
        AppendDuration.Record(duration.TotalSeconds, TagOf(topic));
        BatchRecords.Record(batch.Count, TagOf(topic));
        BatchSize.Record(batch.Bytes.Length, TagOf(topic));
        if (result.IsRepeat)
        {
            Repeats.Add(1, TagOf(topic));
        }
        else
        {
            NoteAppended(topic, batch);
        }
    }

    /// <summary>Records a failed append. Unknown topics share one tag, to bound the number of series.</summary>
    public static void NoteFailedAppend(TopicName topic, Exception error, TimeSpan duration) => AppendDuration.Record(
        duration.TotalSeconds,
        error is UnknownTopicException ? new(TelemetryTags.Topic, TelemetryTags.Other) : TagOf(topic),
        new(TelemetryTags.ErrorType, error.GetType().FullName));

    private static KeyValuePair<string, object?> TagOf(TopicName topic) => new(TelemetryTags.Topic, topic.Value);
}
