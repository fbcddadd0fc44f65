using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Consuming;

/// <summary>Measures a consumer per batch. The application starts the spans of records.</summary>
internal sealed class ConsumerTelemetry(TopicName topic)
{
    private static readonly Counter<long> ConsumedRecords = PipelineTelemetry.Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Records of the batches that a consumer began to hand out");

    private static readonly Counter<long> ReceivedBytes = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.consumer.received.bytes", "By", "Bytes of the batches that a consumer read ahead");

    private static readonly UpDownCounter<long> Lag = PipelineTelemetry.Meter.CreateUpDownCounter<long>(
        "pipeline.consumer.lag",
        "{record}",
        "Records between the last one handed out and the end of the partitions, updated every 5 seconds while reading");

    private static readonly Counter<long> Retries = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.consumer.retries", "{retry}", "Failed requests that a consumer retried");

    private static readonly Counter<long> Lost = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.consumer.lost", "{record}", "Records that retention removed before a consumer read them");

    private readonly KeyValuePair<string, object?> _topic = new(TelemetryTags.Topic, topic.Value);
    private long _lag;

    /// <summary>Gets whether a listener observes the lag. Reading the lag needs a request to the log.</summary>
    public static bool WantsLag => Lag.Enabled;

    public static Activity? StartActivity(string name, in ConsumerRecord record)
    {
        var span = PipelineTelemetry.Source.HasListeners()
            ? PipelineTelemetry.Source.StartActivity(
                $"{name} {record.Partition.Topic}", ActivityKind.Consumer, record.TraceContext ?? default)
            : null;
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryTags.System, TelemetryTags.SystemName);
            span.SetTag(TelemetryTags.Operation, name);
            span.SetTag(TelemetryTags.OperationType, TelemetryTags.Process);
            span.SetTag(TelemetryTags.Destination, record.Partition.Topic.Value);
            span.SetTag(TelemetryTags.DestinationPartition, record.Partition.Partition.ToString(CultureInfo.InvariantCulture));
            span.SetTag(TelemetryTags.Offset, record.Offset);
        }

        return span;
    }

    public void NoteReceived(long bytes) => ReceivedBytes.Add(bytes, _topic);

    public void NoteConsumed(int records)
    {
        if (ConsumedRecords.Enabled)
        {
            ConsumedRecords.Add(
                records,
                new KeyValuePair<string, object?>(TelemetryTags.System, TelemetryTags.SystemName),
                new KeyValuePair<string, object?>(TelemetryTags.Operation, TelemetryTags.Receive),
                new KeyValuePair<string, object?>(TelemetryTags.Destination, topic.Value));
        }
    }

    public void NoteRetry() => Retries.Add(1, _topic);

    public void NoteLost(long records) => Lost.Add(records, _topic);

    /// <summary>Sets the lag; 0 removes it.</summary>
    public void NoteLag(long lag) => Lag.Add(lag - Interlocked.Exchange(ref _lag, lag), _topic);
}
