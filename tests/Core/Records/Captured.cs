using System.Text;

namespace Orleans.Pipeline.Core.Tests.Records;

/// <summary>Files of the folder Captured: bytes that this project did not make; its README says how they came about.</summary>
internal static class Captured
{
    public static byte[] Bytes(string file)
    {
        using var stream = typeof(Captured).Assembly.GetManifestResourceStream(file)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static IReadOnlyList<string> Lines(string file) => Encoding.UTF8.GetString(Bytes(file)).TrimEnd('\n').Split('\n');
}
