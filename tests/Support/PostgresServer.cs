using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orleans.Pipeline.Support;

/// <summary>A real PostgreSQL server: a temporary one of our own, with all its defaults for durability, or the one given.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The password of the temporary server's user.</summary>
    public const string Password = "not-a-secret-but-looked-for";

    private static readonly Lazy<Task<PostgresServer>> LazyShared =
        new(() => Given is { } given ? Task.FromResult(new PostgresServer(given)) : StartAsync());

    private readonly ConcurrentBag<string> _free = [];
    private readonly string _connectionString;
    private readonly PostgresInstallation? _installation;
    private readonly Process? _reaper;
    private readonly string _directory = "";
    private readonly string _options = "";
    private int _databases;

    private PostgresServer(string connectionString) => _connectionString = connectionString;

    private PostgresServer(PostgresInstallation installation, string directory, int port)
        : this($"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres;Password={Password}")
    {
        _installation = installation;
        _directory = directory;
        _reaper = installation.StartUndertaker(directory, Data);
        _options = $"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c max_connections=400";
    }

    /// <summary>The connection string of the server to use; null to start one.</summary>
    public static string? Given => TestSettings.Text("PIPELINE_POSTGRES");

    /// <summary>The server that all tests of a run share.</summary>
    public static Task<PostgresServer> SharedAsync() => LazyShared.Value;

    /// <summary>The directory of a temporary server's own files.</summary>
    public string Directory => _directory;

    private string Data => Path.Combine(_directory, "data");

    /// <summary>The connection string of the server's first database.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Starts a temporary server.</summary>
    /// <param name="prefix">What the name of its directory begins with.</param>
    public static async Task<PostgresServer> StartAsync(string prefix = "pipeline-postgres-")
    {
        var installation = PostgresInstallation.Find() ?? throw new InvalidOperationException("No PostgreSQL is installed.");
        var directory = PostgresInstallation.CreateDirectory(prefix);
        var passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        var server = new PostgresServer(installation, directory, FreePort());
        await installation.RunAsync(
            "initdb",
            "-D",
            server.Data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "--auth=scram-sha-256",
            $"--pwfile={passwordFile}",
            "--no-sync");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Takes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> TakeDatabaseAsync()
    {
        if (!_free.TryTake(out var database))
        {
            database = $"pipeline_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
            await ExecuteAsync(_connectionString, $"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'");
        }

        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ConnectionString;
    }

    /// <summary>Gives a database back, and empties it.</summary>
    public async Task ReturnDatabaseAsync(string connectionString)
    {
        await ExecuteAsync(
            connectionString,
            "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' "
            + "LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$; CREATE SCHEMA public");
        _free.Add(new NpgsqlConnectionStringBuilder(connectionString).Database!);
    }

    /// <summary>Runs a statement as another program would.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a query for one value as another program would.</summary>
    public static async Task<T> QueryAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection string by which each connection is opened and closed for real.</summary>
    public static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <summary>Stops a temporary server as a power cut would.</summary>
    public Task CrashAsync() => _installation!.RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Starts a temporary server.</summary>
    public Task StartAgainAsync() =>
        _installation!.RunAsync("pg_ctl", "-D", Data, "-l", Path.Combine(_directory, "log"), "-o", _options, "-w", "start");

    /// <summary>Runs one of a temporary server's own programs, such as <c>pg_dump</c>, to the end.</summary>
    public Task RunAsync(string program, params string[] arguments) => _installation!.RunAsync(program, arguments);

    /// <summary>Stops a temporary server and removes what it stored.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_reaper is not null)
        {
            _reaper.StandardInput.Close();
            await _reaper.WaitForExitAsync();
            _reaper.Dispose();
        }
    }

    /// <summary>
    /// Finds a free port below those that the system assigns to connections (from 32,768 on, on Linux). Otherwise a connection attempt to a
    /// server that is down could get the server's own port.
    /// </summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
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
}
