using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>Measures a producer, and starts one span per batch. No work is done per record.</summary>
internal sealed class ProducerTelemetry(TopicName topic)
{
    private static readonly Counter<long> SentRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Records that a producer sent: acknowledged, or failed with error.type");

    private static readonly Histogram<double> SendDuration = PipelineTelemetry.Meter.CreateHistogram(
        "messaging.client.operation.duration",
        "s",
        "From the first send of a batch to its acknowledgement or failure, retries included",
        advice: Buckets.Seconds);

    private static readonly Counter<long> SentBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.producer.sent.bytes", "By", "Bytes of the batches that were acknowledged");

    private static readonly Histogram<long> BatchSize = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.producer.batch.size", "By", "Bytes of a batch that was acknowledged", advice: Buckets.Bytes);

    private static readonly Counter<long> Retries = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.producer.retries", "{retry}", "Batches sent again");

    private static readonly Counter<long> PushBacks = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.producer.backpressure.refusals", "{append}", "Appends that the log or a gateway pushed back");

    private static readonly Counter<double> PushedBackTime = PipelineTelemetry.Meter.CreateCounter<double>(
        "pipeline.producer.backpressure.time", "s", "Time that partitions had to wait, summed over partitions");

    private readonly KeyValuePair<string, object?> _topic = new(TelemetryTags.Topic, topic.Value);
    private readonly string _spanName = $"{TelemetryTags.Send} {topic}";

    /// <summary>Starts the span of a batch: in the trace of its records if they share one, otherwise linked to their traces.</summary>
    /// <returns>The span; null without a listener.</returns>
    public Activity? StartSend(TopicPartition partition, ProducerBatch batch)
    {
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return null;
        }

        var span = TraceLinks.Start(_spanName, ActivityKind.Producer, batch.Traces ?? []);
        Activity.Current = null; // the span is current only while its own batch is sent
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryTags.System, TelemetryTags.SystemName);
            span.SetTag(TelemetryTags.Operation, TelemetryTags.Send);
            span.SetTag(TelemetryTags.OperationType, TelemetryTags.Send);
            span.SetTag(TelemetryTags.Destination, partition.Topic.Value);
            span.SetTag(TelemetryTags.DestinationPartition, partition.Partition.ToString(CultureInfo.InvariantCulture));
            span.SetTag(TelemetryTags.BatchCount, batch.Count);
        }

        return span;
    }

    public void NoteRetry() => Retries.Add(1, _topic);

    public void NotePushBack(TimeSpan wait)
    {
        PushBacks.Add(1, _topic);
        PushedBackTime.Add(wait.TotalSeconds, _topic);
    }

    public void NoteResolved(ProducerBatch batch, TimeSpan duration)
    {
        var tags = new TagList
        {
            { TelemetryTags.System, TelemetryTags.SystemName },
            { TelemetryTags.Operation, TelemetryTags.Send },
            { TelemetryTags.Destination, topic.Value },
        };
        if (batch.Failure is { } failure)
        {
            var type = failure.GetType().FullName;
            tags.Add(TelemetryTags.ErrorType, type);
            batch.Span?.SetTag(TelemetryTags.ErrorType, type).SetStatus(ActivityStatusCode.Error, failure.Message);
        }
        else
        {
            SentBytes.Add(batch.Bytes.Bytes.Length, _topic);
            BatchSize.Record(batch.Bytes.Bytes.Length, _topic);
        }

        SentRecords.Add(batch.Count, tags);
        if (batch.Sends > 0)
        {
            SendDuration.Record(duration.TotalSeconds, tags);
        }

        batch.Span?.Dispose();
    }
}
