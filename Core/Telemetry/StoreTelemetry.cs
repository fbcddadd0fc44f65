using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Telemetry;

/// <summary>What a store tells of its database: measurements per transaction and per read.</summary>
/// <param name="system">The database, by OpenTelemetry's name for it.</param>
internal sealed class StoreTelemetry(string system)
{
    private static readonly Histogram<double> WriteDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.write.duration", "s", "A transaction that writes appends or commits, until it is durable", advice: Buckets.Seconds);

    private static readonly Histogram<double> SyncDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.sync.duration", "s", "The COMMIT of such a transaction, with its fsync", advice: Buckets.Seconds);

    private static readonly Histogram<long> GroupRequests = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.group.requests", "{request}", "Appends and commits in one transaction", advice: Buckets.Counts);

    private static readonly Histogram<long> GroupSize = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.group.size", "By", "Bytes of the appends and commits in one transaction", advice: Buckets.Bytes);

    private static readonly Histogram<double> ReadDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.read.duration", "s", "A read of batches from the database", advice: Buckets.Seconds);

    private static readonly Histogram<double> RetentionDuration = PipelineTelemetry.Meter.CreateHistogram(
        "pipeline.store.retention.duration", "s", "Applying retention once", advice: Buckets.Seconds);

    private readonly KeyValuePair<string, object?> _system = new(TelemetryTags.DatabaseSystem, system);

    /// <summary>Notes a transaction.</summary>
    /// <param name="operation">What it does: <c>write</c>, <c>append</c> or <c>commit</c>.</param>
    /// <param name="requests">Appends and commits in it.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
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

    /// <summary>Runs a transaction, and measures it.</summary>
    /// <inheritdoc cref="NoteWrite" path="/param" />
    public async ValueTask<T> WriteAsync<T>(string operation, int requests, long bytes, Func<ValueTask<T>> write)
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

    public void NoteSync(TimeSpan duration) => SyncDuration.Record(duration.TotalSeconds, _system);

    /// <summary>Reads batches, and measures how long that takes.</summary>
    public Task<T> ReadAsync<T>(Func<Task<T>> read) => MeasureAsync(ReadDuration, read);

    /// <summary>Applies retention, and measures how long that takes.</summary>
    public Task<T> TrimAsync<T>(Func<Task<T>> trim) => MeasureAsync(RetentionDuration, trim);

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
