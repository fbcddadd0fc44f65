namespace Orleans.Pipeline.Wire;

/// <summary>
/// The mark that some programs put at the start of UTF-8 text. It is no part of the text: kept, it would hide in the first key or value.
/// </summary>
internal static class ByteOrderMark
{
    /// <summary>The mark.</summary>
    public static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary>The text behind its mark.</summary>
    public static ReadOnlySpan<byte> SkipIn(ReadOnlySpan<byte> text) => text.StartsWith(Utf8) ? text[Utf8.Length..] : text;
}
