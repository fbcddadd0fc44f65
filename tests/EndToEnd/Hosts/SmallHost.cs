namespace Orleans.Pipeline.EndToEnd.Tests.Hosts;

/// <summary>The crash tests' host with a heap that holds none of what these tests send through it.</summary>
internal static class SmallHost
{
    private const int HeapBytes = 64 << 20;

    /// <summary>Starts it on a free port.</summary>
    /// <param name="directory">Where it keeps its database and files.</param>
    public static HostProcess Start(TemporaryDirectory directory) => HostProcess.Start(
        "Orleans.Pipeline.CrashHost.dll",
        new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = $"0x{HeapBytes:x}" },
        "--database", directory["pipeline.db"], "--files", directory["files"], "--urls", "http://127.0.0.1:0");
}
