using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>One host process for all the tests of a collection, with the access-log pipeline and nothing in its topics.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostProcess _host;

    public ServerFixture() =>
        _host = HostProcess.Start("AccessLog.EmbeddedHost.dll", "--database", _directory["host.db"], "--urls", "http://127.0.0.1:0");

    /// <summary>The host's address.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The host by the SDK, to look at what the tool did.</summary>
    public PipelineClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Address = await _host.ReadyAsync();
        Client = new PipelineClient(Address);
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>A file in a directory that is removed at the end.</summary>
    public string PathOf(string name) => _directory[name];

    /// <summary>The variables under which the tool finds the host, and no profiles.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["PIPELINE_SERVER"] = Address.ToString(),
        ["PIPELINE_CONFIG"] = _directory["no-profiles.json"],
    };
}

/// <summary>The tests that share a host.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
