using System.Diagnostics;
using System.Text;

namespace Orleans.Pipeline.Telemetry;

/// <summary>The headers with a record's trace, named as W3C Trace Context names them in HTTP.</summary>
/// <remarks>Source: https://www.w3.org/TR/trace-context/ (traceparent, tracestate).</remarks>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>Reads the trace of a record. Allocates nothing if the record has none.</summary>
    /// <param name="records">The records of the batch.</param>
    /// <param name="headersStart">The position of the record's headers in them.</param>
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
