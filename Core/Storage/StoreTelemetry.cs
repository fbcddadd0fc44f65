using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Storage;

/// <summary>
/// The measurements of a store's database, per transaction, per read and per round of retention: the metrics <c>pipeline.store.*</c>.
/// </summary>
/// <param name="system">OpenTelemetry's name for the database, such as <c>sqlite</c>.</param>
public sealed class StoreTelemetry(string system)
{
    private static readonly Histogram<double> WriteDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.write.duration", "s", "A transaction that writes appends or commits, until it is durable", advice: Buckets.Seconds);

    private static readonly Histogram<double> SyncDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.sync.duration", "s", "Making such a transaction durable, with its fsyncs", advice: Buckets.Seconds);

    private static readonly Histogram<long> GroupRequests = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.group.requests", "{request}", "Appends and commits in one transaction", advice: Buckets.Counts);

    private static readonly Histogram<long> GroupSize = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.group.size", "By", "Bytes of the appends and commits in one transaction", advice: Buckets.Bytes);

    private static readonly Histogram<double> ReadDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.read.duration", "s", "A read of batches from the database", advice: Buckets.Seconds);

    private static readonly Histogram<double> RetentionDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.retention.duration", "s", "Applying retention once", advice: Buckets.Seconds);

    private readonly KeyValuePair<string, object?> _system = new(TelemetryTags.DatabaseSystem, system);

    /// <summary>Records a transaction that writes.</summary>
    /// <param name="operation">The kind of transaction: <c>write</c>, <c>append</c> or <c>commit</c>.</param>
    /// <param name="requests">The number of appends and commits in it.</param>
    /// <param name="bytes">The bytes of those appends and commits.</param>
    /// <param name="duration">The time until the transaction was durable.</param>
    /// <param name="error">The error; null if the transaction succeeded.</param>
    public void NoteWrite(string operation, int requests, long bytes, TimeSpan duration, Exception? error = null)
    {
        var kind = new KeyValuePair<string, object?>(TelemetryTags.StoreOperation, operation);
        if (error is not null)
        {
            WriteDuration.Record(duration.TotalSeconds, _system, kind, TypeOf(error));
            return;
        }

        WriteDuration.Record(duration.TotalSeconds, _system, kind);
        GroupRequests.Record(requests, _system, kind);
        GroupSize.Record(bytes, _system, kind);
    }

    /// <summary>Runs a transaction that writes, and records it.</summary>
    /// <param name="operation">The kind of transaction: <c>write</c>, <c>append</c> or <c>commit</c>.</param>
    /// <param name="requests">The number of appends and commits in it.</param>
    /// <param name="bytes">The bytes of those appends and commits.</param>
    /// <param name="write">The transaction; completes when it is durable.</param>
    public async ValueTask<T> MeasureWriteAsync<T>(string operation, int requests, long bytes, Func<ValueTask<T>> write)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await write();
            NoteWrite(operation, requests, bytes, Stopwatch.GetElapsedTime(began));
            return result;
        }
        catch (Exception error)
        {
            NoteWrite(operation, requests, bytes, Stopwatch.GetElapsedTime(began), error);
            throw;
        }
    }

    /// <summary>Records the part of a transaction that makes it durable: the COMMIT, and what is synced before it.</summary>
    /// <param name="duration">The duration.</param>
    public void NoteSync(TimeSpan duration) => SyncDuration.Record(duration.TotalSeconds, _system);

    /// <summary>Records a batch that a commit or a settlement appended.</summary>
    /// <param name="append">The batch and its partition.</param>
    public static void NoteAppended(TopicAppend append) => TopicTelemetry.NoteAppended(append.Partition.Topic, append.Batch);

    /// <summary>Records what retention removed from a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="records">The number of records removed.</param>
    /// <param name="unread">How many of them a pipeline on the topic had not committed yet.</param>
    public static void NoteRemoved(TopicName topic, long records, long unread) => TopicTelemetry.NoteRemoved(topic, records, unread);

    /// <summary>Runs a read of batches, and records its time.</summary>
    /// <param name="read">The read, without waiting for appends.</param>
    public Task<T> MeasureReadAsync<T>(Func<Task<T>> read) => MeasureAsync(ReadDuration, read);

    internal Task<T> MeasureTrimAsync<T>(Func<Task<T>> trim) => MeasureAsync(RetentionDuration, trim);

    private async Task<T> MeasureAsync<T>(Histogram<double> histogram, Func<Task<T>> action)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await action();
            histogram.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, _system);
            return result;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            histogram.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, _system, TypeOf(error));
            throw;
        }
    }

    private static KeyValuePair<string, object?> TypeOf(Exception error) => new(TelemetryTags.ErrorType, error.GetType().FullName);
}
