using System.Diagnostics;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>Adds the trace of the current activity to records. Records of one activity share the headers.</summary>
internal sealed class ProducerTracing(RecordLimits limits)
{
    private Shared? _shared;

    /// <summary>Adds the trace of a recorded activity. A record without room for the trace stays as it is.</summary>
    public ProducerRecord Add(in ProducerRecord record, Activity activity)
    {
        var headers = record.Headers is null ? SharedBy(activity) : TracedHeaders.Of(activity, record.Headers);
        var traced = record with { Headers = headers };
        return headers is not null && RecordSize.Fits(traced, limits) ? traced : record;
    }

    private TracedHeaders? SharedBy(Activity activity)
    {
        var shared = Volatile.Read(ref _shared);
        if (shared?.Activity != activity)
        {
            shared = new(activity, TracedHeaders.Of(activity, own: null));
            Volatile.Write(ref _shared, shared);
        }

        return shared.Headers;
    }

    private sealed record Shared(Activity Activity, TracedHeaders? Headers);
}
