using System.Text;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Bytes of text, which are never null memory: an empty key is a key.</summary>
internal static class Bytes
{
    public static ReadOnlyMemory<byte> Of(string text) => new(Encoding.UTF8.GetBytes(text));
}
