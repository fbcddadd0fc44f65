using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Pipeline.Records;

/// <summary>Distinguishes a missing key or value from an empty one.</summary>
internal static class RecordSpans
{
    /// <summary>Returns whether a span is the default one, which means no key or no value. The span of an empty array is not.</summary>
    public static bool IsNone(this ReadOnlySpan<byte> span) => Unsafe.IsNullRef(ref MemoryMarshal.GetReference(span));
}
