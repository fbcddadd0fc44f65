using Orleans.Pipeline.Storage.Tests.Postgres;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>The PostgreSQL server that all tests use, each with a database of its own.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    internal PostgresServer Server => _server ?? throw new InvalidOperationException("No PostgreSQL is installed.");

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.Find() is not null)
        {
            _server = await PostgresServer.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
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
