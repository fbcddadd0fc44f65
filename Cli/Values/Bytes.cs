using System.Text;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Converts text to bytes. The result is never default memory, because an empty key is a key.</summary>
internal static class Bytes
{
    public static ReadOnlyMemory<byte> Of(string text) => new(Encoding.UTF8.GetBytes(text));
}
