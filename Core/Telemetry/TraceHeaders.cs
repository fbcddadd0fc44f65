using System.Diagnostics;
using System.Text;

namespace Orleans.Pipeline.Telemetry;

/// <summary>The headers in which a record carries the trace that it belongs to, as W3C Trace Context has them in HTTP.</summary>
/// <remarks>Source: https://www.w3.org/TR/trace-context/ (traceparent, tracestate).</remarks>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>Reads the trace of a record; allocates nothing if it carries none.</summary>
    /// <param name="records">The records of its batch.</param>
    /// <param name="headersStart">Where its headers begin there.</param>
    public static ActivityContext? Read(ReadOnlyMemory<byte> records, int headersStart)
    {
        if (records.IsEmpty || Record.FindHeader(records, headersStart, "traceparent"u8) is not { } parent)
        {
            return null;
        }

        var state = Record.FindHeader(records, headersStart, "tracestate"u8);
        return ActivityContext.TryParse(Text(parent), state is { } present ? Text(present) : null, isRemote: true, out var context)
            ? context
            : null;
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.ASCII.GetString(value.Span);
}
