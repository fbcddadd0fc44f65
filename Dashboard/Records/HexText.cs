using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Dashboard.Records;

/// <summary>Formats bytes as a hex dump: position, sixteen bytes, and those of them that are ASCII.</summary>
internal static class HexText
{
    private const int BytesPerLine = 16;
    private const int MaximumLines = 256;

    public static string Of(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        for (var start = 0; start < value.Length && start < BytesPerLine * MaximumLines; start += BytesPerLine)
        {
            var line = value[start..Math.Min(value.Length, start + BytesPerLine)];
            text.Append(CultureInfo.InvariantCulture, $"{start:x6}  ");
            for (var index = 0; index < BytesPerLine; index++)
            {
                text.Append(index < line.Length ? line[index].ToString("x2", CultureInfo.InvariantCulture) : "  ")
                    .Append(index == 7 ? "  " : " ");
            }

            text.Append(' ');
            foreach (var character in line)
            {
                text.Append(character is >= 0x20 and < 0x7f ? (char)character : '.');
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
