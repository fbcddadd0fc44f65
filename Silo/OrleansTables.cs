using System.Reflection;
using Npgsql;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// The tables in which Orleans keeps the cluster's membership and the stream subscriptions, in a schema of their own.
/// </summary>
/// <remarks>
/// Orleans runs only queries whose text it finds in the database, by their keys. <c>Schema/orleans.sql</c> creates tables and queries
/// that keep its contract (https://learn.microsoft.com/dotnet/orleans/host/configuration-guide/adonet-configuration).
/// </remarks>
internal static class OrleansTables
{
    public const string Schema = "orleans";

    private const long Lock = 0x4F726C65616E73; // "Orleans"

    /// <summary>Returns a connection string whose connections see these tables.</summary>
    /// <param name="connectionString">The database's connection string.</param>
    public static string ConnectionStringFor(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema }.ToString();

    /// <summary>Creates the tables if they do not exist. Several silos may do so at once.</summary>
    /// <param name="connectionString">The database's connection string.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True if the tables did not exist before.</returns>
    /// <exception cref="StoreUnavailableException">The tables cannot be created; the message says why.</exception>
    public static async Task<bool> PrepareAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            return await CreateAsync(connectionString, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new StoreUnavailableException(
                $"The tables of the cluster's membership cannot be created: {error.Message}. "
                + "Allow the host's user to create schemas.",
                error);
        }
    }

    private static async Task<bool> CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringFor(connectionString));
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {Schema}", cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('orleansquery') IS NOT NULL", connection);
        var isNew = !(bool)(await exists.ExecuteScalarAsync(cancellationToken))!;
        if (isNew)
        {
            await ExecuteAsync(connection, await ScriptAsync(cancellationToken), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return isNew;
    }

    private static async Task<string> ScriptAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("orleans.sql")!);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
