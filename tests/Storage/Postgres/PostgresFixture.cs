using System.Globalization;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>A PostgreSQL store on a database of its own.</summary>
public sealed class PostgresFixture : SqlStoreFixture
{
    private PostgresServer? _server;
    private PostgresStore? _store;
    private string? _connectionString;

    public PostgresStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public override ITopicStore Log => Store;

    public override ICheckpointStore Checkpoints => Store;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Settings with few connections, so that many tests can run beside one another.</summary>
    public PostgresStoreSettings Settings => new() { ConnectionString = ConnectionString, Appenders = 4, Connections = 8 };

    public override async Task OpenAsync()
    {
        await TakeDatabaseAsync();
        _store = await PostgresStore.OpenAsync(Settings, Clock);
    }

    public override async Task OpenVersionAsync(int version)
    {
        await TakeDatabaseAsync();
        using (var kept = new StreamReader(KeptVersion.Open(version, "postgres.sql")))
        {
            await ExecuteAsync(await kept.ReadToEndAsync());
        }

        await OpenAsync();
    }

    public override async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await OpenAsync();
    }

    public override async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Unpooled(ConnectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).Select(Write)));
        }

        return rows;
    }

    public override Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(ConnectionString, sql);

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_connectionString is not null)
        {
            await _server!.ReturnDatabaseAsync(_connectionString);
        }
    }

    private async Task TakeDatabaseAsync()
    {
        _server ??= await PostgresServer.SharedAsync();
        _connectionString ??= await _server.TakeDatabaseAsync();
    }

    private static string? Write(object value) => value switch
    {
        DBNull => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
