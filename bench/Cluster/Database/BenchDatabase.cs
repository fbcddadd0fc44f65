using Npgsql;

namespace Orleans.Pipeline.Bench.Cluster.Database;

/// <summary>The PostgreSQL server under test: the one that PIPELINE_POSTGRES names, or a temporary one with default durability.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly PostgresServer? _server;
    private readonly NpgsqlConnection _connection;
    private int _databases;

    private BenchDatabase(PostgresServer? server, NpgsqlConnection connection) => (_server, _connection) = (server, connection);

    public static async Task<BenchDatabase> StartAsync()
    {
        var server = PostgresServer.Given is null ? await PostgresServer.StartAsync() : null;
        var connection = new NpgsqlConnection(server is null ? PostgresServer.Given : await server.TakeDatabaseAsync());
        await connection.OpenAsync();
        return new BenchDatabase(server, connection);
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateAsync()
    {
        var name = $"pipeline_bench_{Environment.ProcessId}_{_databases++}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        return new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = name, Password = PasswordOf(_server) }.ConnectionString;
    }

    public Task DropAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Makes the server write the pages of earlier runs, so that no run pays for another's.</summary>
    public Task SettleAsync() => ExecuteAsync("CHECKPOINT");

    /// <summary>The server's processor time so far, in seconds; 0 for a server on another machine.</summary>
    public double ReadCpuSeconds() => ServerCpu.ReadSeconds(_connection.ProcessID);

    /// <summary>The size of a database on the server's disk, in bytes.</summary>
    public async Task<long> ReadBytesAsync(string connectionString)
    {
        await using var command = new NpgsqlCommand("SELECT pg_database_size($1)", _connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = new NpgsqlConnectionStringBuilder(connectionString).Database! });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static string? PasswordOf(PostgresServer? server) =>
        server is null ? new NpgsqlConnectionStringBuilder(PostgresServer.Given).Password : PostgresServer.Password;

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
