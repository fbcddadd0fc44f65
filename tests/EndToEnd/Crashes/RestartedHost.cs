using System.Net;
using System.Net.Sockets;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.CrashHost;
using Orleans.Pipeline.EndToEnd.Tests.Hosts;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

/// <summary>A host that is stopped or killed and started again, always on the same database and address.</summary>
internal sealed class RestartedHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _address;

    public RestartedHost(Random random)
    {
        _address = $"http://127.0.0.1:{FreePort(random)}";
        Client = new PipelineClient(new Uri(_address));
        Process = Start();
    }

    public PipelineClient Client { get; }

    public HostProcess Process { get; private set; }

    public string Database => _directory["numbers.db"];

    public string Files => _directory["files"];

    /// <summary>Starts it again, after it has ended.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Process = Start();
    }

    /// <summary>Waits until everything sent has its effect, through every stage.</summary>
    public async Task DrainAsync() => await Client.Pipelines.DrainAsync(NumbersPipeline.Name);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Client.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>
    /// A free port below those that the system hands out by itself (from 32,768 on, on Linux), lest a connection attempt to the
    /// host, while it is down, is given the host's own port.
    /// </summary>
    private static int FreePort(Random random)
    {
        while (true)
        {
            var port = random.Next(15_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }

    private HostProcess Start() => HostProcess.Start(HostProcess.CrashHost, "--database", Database, "--files", Files, "--urls", _address);
}
