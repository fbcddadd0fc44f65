using System.Text;
using System.Text.Unicode;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>A copy of a record for the page. A very large value is cut.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
/// <param name="Timestamp">The time.</param>
/// <param name="Key">The key as text; null for none.</param>
/// <param name="Value">The first bytes of the value; null for none.</param>
/// <param name="ValueBytes">The number of bytes of the value.</param>
/// <param name="Headers">The headers as text.</param>
public sealed record RecordView(
    int Partition, long Offset, DateTimeOffset Timestamp, string? Key, byte[]? Value, int ValueBytes,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The most bytes of a value that are kept.</summary>
    public const int MaximumValueBytes = 64 << 10;

    private const int MaximumPreviewLength = 240;
    internal const int MaximumKeyLength = 512;

    /// <summary>The id among the records of its topic.</summary>
    public string Id => $"{Partition}:{Offset}";

    /// <summary>Whether the value is text.</summary>
    public bool IsText { get; } = Value is null || IsValid(Value, isCut: ValueBytes > Value.Length);

    /// <summary>The start of the value, in one line.</summary>
    public string Preview => Value switch
    {
        null => "",
        _ when IsText => Line(Encoding.UTF8.GetString(Value.AsSpan(0, Math.Min(Value.Length, MaximumPreviewLength * 4)))),
        _ => Convert.ToHexStringLower(Value.AsSpan(0, Math.Min(Value.Length, MaximumPreviewLength / 2))),
    };

    internal static RecordView Of(int partition, in Record record) => new(
        partition,
        record.Offset,
        DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp),
        record.HasKey ? TextOf(record.KeySpan, MaximumKeyLength) : null,
        record.HasValue ? record.ValueSpan[..Math.Min(record.ValueSpan.Length, MaximumValueBytes)].ToArray() : null,
        record.ValueSpan.Length,
        [.. record.ReadHeaders().Select(header => new KeyValuePair<string, string>(
            header.Name, header.Value is { } value ? TextOf(value.Span, MaximumValueBytes) : "null"))]);

    /// <summary>Returns bytes as text, or in hexadecimal if they are not text.</summary>
    internal static string TextOf(ReadOnlySpan<byte> bytes, int most)
    {
        var shown = bytes[..Math.Min(bytes.Length, most)];
        return (Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(shown) : "0x" + Convert.ToHexStringLower(shown))
            + (bytes.Length > most ? "…" : "");
    }

    /// <summary>Whether a value is UTF-8. A cut value may end within a character, which has up to four bytes.</summary>
    private static bool IsValid(byte[] value, bool isCut) =>
        Enumerable.Range(0, isCut ? 4 : 1).Any(missing => Utf8.IsValid(value.AsSpan(0, Math.Max(0, value.Length - missing))));

    private static string Line(string text)
    {
        var line = text.Length > MaximumPreviewLength ? text[..MaximumPreviewLength] : text;
        return string.Create(line.Length, line, static (target, source) =>
        {
            for (var index = 0; index < source.Length; index++)
            {
                target[index] = char.IsControl(source[index]) ? ' ' : source[index];
            }
        });
    }
}
