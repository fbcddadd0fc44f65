using System.Text;
using System.Text.Unicode;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>A record as the page holds it: a copy, of which a very large value is cut.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Its time.</param>
/// <param name="Key">Its key as text; null if it has none.</param>
/// <param name="Value">The first bytes of its value; null if it has none.</param>
/// <param name="ValueBytes">How many bytes its value has.</param>
/// <param name="Headers">Its headers as text.</param>
public sealed record RecordView(
    int Partition, long Offset, DateTimeOffset Timestamp, string? Key, byte[]? Value, int ValueBytes, IReadOnlyList<KeyValuePair<string,
        string>> Headers)
{
    /// <summary>The most bytes of a value that are kept.</summary>
    public const int MaximumValueBytes = 64 << 10;

    private const int MaximumPreviewLength = 240;
    internal const int MaximumKeyLength = 512;

    /// <summary>Names it among the records of its topic.</summary>
    public string Id => $"{Partition}:{Offset}";

    /// <summary>Whether the value is text.</summary>
    public bool IsText { get; } = Value is null || IsValid(Value, isCut: ValueBytes > Value.Length);

    /// <summary>The value in a line.</summary>
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
        [.. record.ReadHeaders().Select(header => new KeyValuePair<string,
            string>(header.Name, header.Value is { } value ? TextOf(value.Span, MaximumValueBytes) : "null"))]);

    /// <summary>Bytes as text, or in hexadecimal where they are none.</summary>
    internal static string TextOf(ReadOnlySpan<byte> bytes, int most)
    {
        var shown = bytes[..Math.Min(bytes.Length, most)];
        return (Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(shown) : "0x" + Convert.ToHexStringLower(shown))
            + (bytes.Length > most ? "…" : "");
    }

    /// <summary>A value that was cut may end within a character, which has up to four bytes.</summary>
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
