using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Schema;

/// <summary>
/// Migrates the store's own tables and functions to this program's version, forward only, in one transaction and under a lock. When many
/// processes start at once, one migrates and the others find the result.
/// </summary>
/// <remarks>
/// A database whose tables and functions are up to date is only read. Functions are replaced while other processes call them. PostgreSQL
/// then plans prepared statements again. A running function finishes with its old text, but may call a new function. See
/// <see cref="SchemaScripts"/> for what a function may not change.
/// </remarks>
internal sealed class SchemaMigration(Database database)
{
    public const int Version = 4;

    private const int MinimumServerVersion = 130_000;

    private readonly SchemaScripts _scripts = new(database.Schema);

    /// <returns>The schema of sink tables, and the versions before and after.</returns>
    /// <exception cref="StoreUnusableException">The database is unfit, newer or of another program; nothing was changed.</exception>
    public async Task<(string TableSchema, SchemaVersions Versions)> RunAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tableSchema = await InspectServerAsync(connection, cancellationToken);
        if (await FindStateAsync(connection, cancellationToken) == Current)
        {
            return (tableSchema, new(Version, Version));
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var alone = connection.Command(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Of($"{database.Schema}.schema"));
        await alone.ExecuteNonQueryAsync(cancellationToken);
        var before = await FindStateAsync(connection, cancellationToken);
        if (before != Current)
        {
            await using var migrate = new NpgsqlCommand(Script(before.Version), connection);
            await migrate.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (tableSchema, new(before.Version, Version));
    }

    private (int Version, string? FunctionsMark) Current => (Version, _scripts.FunctionsMark);

    private async Task<string> InspectServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'), pg_is_in_recovery(),
                current_schema()::text
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var fault = (reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.IsDBNull(3)) switch
        {
            ( < MinimumServerVersion, _, _, _) => $"it is PostgreSQL {reader.GetInt32(0) / 10_000}. Use 13 or later.",
            (_, not "UTF8", _, _) => $"its encoding is {reader.GetString(1)}. Create it with encoding UTF8.",
            (_, _, true, _) => "it is a read-only standby. Use the address of the primary.",
            (_, _, _, true) => "no schema of the search path exists, so sink tables have no place. Create one.",
            _ => null,
        };
        return fault is null ? reader.GetString(3) : throw new StoreUnusableException($"The {database.Name} cannot be used: {fault}");
    }

    /// <returns>The version of the tables, or 0 if there are none, and the mark of the functions; null if there is no mark.</returns>
    private async Task<(int Version, string? FunctionsMark)> FindStateAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var present = connection.Command(
            """
            SELECT to_regclass($1) IS NOT NULL,
                (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $2)
            """,
            Of($"{database.Schema}.store"), Of(database.Channel));
        var (hasStore, tables) = await ReadOneAsync(present, reader => (reader.GetBoolean(0), reader.GetInt64(1)), cancellationToken);
        if (!hasStore)
        {
            return tables == 0 ? (0, null) : throw new StoreUnusableException(
                $"The {database.Name} has a schema {database.Schema} of another program ({tables} tables and indexes). "
                + "Nothing was changed. Set another schema.");
        }

        await using var command = connection.Command(
            $"SELECT version, obj_description('{database.Schema}.store'::regclass, 'pg_class') FROM {database.Schema}.store");
        var (version, mark) = await ReadOneAsync(
            command, reader => (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1)), cancellationToken);
        return version <= Version ? (version, mark) : throw new StoreUnusableException(
            $"The {database.Name} was made by a newer version of this program (schema {version}; this one knows up to {Version}). "
            + "Nothing was changed. Use the newer version.");
    }

    private static async Task<T> ReadOneAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return read(reader);
    }

    private string Script(int version) =>
        $"""
        {_scripts.TablesFrom(version)}
        {_scripts.Functions}
        UPDATE {database.Schema}.store SET version = {Version};
        COMMENT ON TABLE {database.Schema}.store IS '{_scripts.FunctionsMark}';
        """;
}
