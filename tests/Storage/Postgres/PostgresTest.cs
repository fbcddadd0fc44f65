using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>A test over a database of its own and as many stores on it as it opens.</summary>
public abstract class PostgresTest : IAsyncLifetime
{
    /// <summary>Long enough that only a hang runs into it.</summary>
    protected static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    protected static readonly TopicName Orders = "orders";
    protected static readonly TopicPartition Orders0 = new(Orders, 0);
    protected static readonly TopicPartition Orders1 = new(Orders, 1);

    private readonly List<PostgresStore> _stores = [];
    private PostgresServer? _server;

    protected string ConnectionString { get; private set; } = "";

    protected PostgresStoreSettings Settings => new() { ConnectionString = ConnectionString, Appenders = 4, Connections = 8 };

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        ConnectionString = await _server.TakeDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await _server!.ReturnDatabaseAsync(ConnectionString);
    }

    protected async Task<PostgresStore> OpenAsync(PostgresStoreSettings? settings = null, TimeProvider? timeProvider = null)
    {
        var store = await PostgresStore.OpenAsync(settings ?? Settings, timeProvider);
        lock (_stores)
        {
            _stores.Add(store);
        }

        return store;
    }

    protected Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(ConnectionString, sql);

    /// <summary>Runs a query for one value.</summary>
    protected Task<T> QueryAsync<T>(string sql) => PostgresServer.QueryAsync<T>(ConnectionString, sql);

    protected static async Task<List<string>> ReadAllAsync(PostgresStore store, TopicPartition partition)
    {
        var values = new List<string>();
        var bounds = await store.GetBoundsAsync(partition);
        for (var offset = bounds.Start; offset < bounds.End;)
        {
            foreach (var batch in await store.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero))
            {
                Assert.Equal(offset, batch.BaseOffset);
                values.AddRange(Batch.Values(batch));
                offset = batch.NextOffset;
            }
        }

        return values;
    }
}
