using Orleans.Pipeline.Client;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

/// <summary>A host that is stopped or killed and started again, always on the same database and address.</summary>
internal sealed class RestartedHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _arguments;

    public RestartedHost(Random random, params string[] arguments)
    {
        _arguments = arguments;
        Address = $"http://127.0.0.1:{FreePorts.Next(random)}";
        Client = new PipelineClient(new Uri(Address));
        Process = Start();
    }

    public string Address { get; }

    public PipelineClient Client { get; }

    public HostProcess Process { get; private set; }

    public string Database => _directory["numbers.db"];

    public string Files => _directory["files"];

    /// <summary>Whether its pipeline takes malformed numbers too, from its next start on.</summary>
    public bool IsMended { get; set; }

    /// <summary>Starts it again, after it has ended.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Process = Start();
    }

    /// <summary>Waits until everything sent has its effect, through every stage.</summary>
    public async Task DrainAsync() => await Client.Admin.DrainAsync(NumbersPipeline.Name);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Client.DisposeAsync();
        _directory.Dispose();
    }

    private HostProcess Start() => HostProcess.Start(
        "Orleans.Pipeline.CrashHost.dll",
        ["--database", Database, "--files", Files, "--urls", Address, .. _arguments, .. IsMended ? ["--mended", "true"] : Array.Empty<string>()]);
}
