using Orleans.Pipeline.Contracts;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>The PostgreSQL server that all tests use, and the cluster that those share which need three silos.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private SiloCluster? _cluster;

    internal PostgresServer Server => _server ?? throw new InvalidOperationException("No PostgreSQL is installed.");

    /// <summary>The cluster, started at the first use.</summary>
    internal async Task<SiloCluster> ClusterAsync() =>
        _cluster ??= await SiloCluster.StartAsync(Server, "Orleans.Pipeline.SiloCrashHost.dll", Random.Shared);

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.Find() is not null)
        {
            _server = await PostgresServer.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<DatabaseFixture>
{
    public const string Name = "PostgreSQL";
}
