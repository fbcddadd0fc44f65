using System.Collections;
using System.Diagnostics;
using System.Text;
using Orleans.Pipeline.Telemetry;

namespace Orleans.Pipeline.Client.Producing;

internal sealed class TracedHeaders : IReadOnlyList<Header>
{
    private readonly Header[] _headers;

    private TracedHeaders(ActivityContext trace, Header[] headers) => (Trace, _headers) = (trace, headers);

    public ActivityContext Trace { get; }

    public int Count => _headers.Length;

    public Header this[int index] => _headers[index];

    /// <summary>Adds the trace of an activity to the headers of a record.</summary>
    /// <returns>The headers; null if they name a trace already, or if the activity has no id in the format of W3C Trace Context.</returns>
    public static TracedHeaders? Of(Activity activity, IReadOnlyList<Header>? own)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C || own?.Any(static header => header.Name == TraceHeaders.Parent) == true)
        {
            return null;
        }

        var parent = new Header(TraceHeaders.Parent, Encoding.ASCII.GetBytes(activity.Id!));
        return new(activity.Context, activity.TraceStateString is { Length: > 0 } state
            ? [.. own ?? [], parent, new Header(TraceHeaders.State, Encoding.ASCII.GetBytes(state))]
            : [.. own ?? [], parent]);
    }

    public IEnumerator<Header> GetEnumerator() => _headers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _headers.GetEnumerator();
}
