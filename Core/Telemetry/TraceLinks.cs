using System.Diagnostics;

namespace Orleans.Pipeline.Telemetry;

/// <summary>Finds the traces of a batch's records, and starts spans in them or linked to them.</summary>
internal static class TraceLinks
{
    /// <summary>The most traces that one span is linked to.</summary>
    public const int Most = 32;

    /// <summary>Returns the traces without duplicates. Returns none for a compressed batch, because its records cannot be read.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="skip">The number of records to skip at the start.</param>
    public static List<ActivityContext> Of(RecordBatch batch, int skip = 0)
    {
        var found = new List<ActivityContext>();

        // Most batches carry no trace: a search for the header's name is many times as fast as a walk over the records.
        if (batch.Compression != Compression.None || batch.Bytes.Span.IndexOf("traceparent"u8) < 0)
        {
            return found;
        }

        var records = batch.Bytes[RecordBatch.HeaderBytes..];
        var walk = batch.GetEnumerator();
        walk.Skip(skip);
        while (found.Count < Most && walk.MoveNext())
        {
            var record = walk.Current;
            if (record.HasHeaders && TraceHeaders.Read(records, record.HeadersStart) is { } trace && !found.Contains(trace))
            {
                found.Add(trace);
            }
        }

        return found;
    }

    /// <summary>
    /// Starts a span. A single trace becomes its parent. Otherwise the span starts a trace of its own, linked to all of them.
    /// </summary>
    /// <returns>The span; null if it is not sampled.</returns>
    public static Activity? Start(string name, ActivityKind kind, IReadOnlyList<ActivityContext> traces)
    {
        // The current activity, such as the request that resumed the pipeline, has nothing to do with the records.
        Activity.Current = null;
        return traces is [var only]
            ? PipelineTelemetry.Source.StartActivity(name, kind, only)
            : PipelineTelemetry.Source.StartActivity(
                name, kind, parentContext: default, links: traces.Count == 0 ? null : traces.Select(trace => new ActivityLink(trace)));
    }

    public static void Fail(this Activity? span, Exception error) =>
        span?.SetTag(TelemetryTags.ErrorType, error.GetType().FullName).SetStatus(ActivityStatusCode.Error, error.Message);
}
