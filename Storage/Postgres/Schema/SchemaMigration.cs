using System.Reflection;
using System.Text;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Schema;

/// <summary>
/// Brings the store's own tables and functions to this program's version, forward only, in one transaction and under a lock, so that
/// of many processes that start at once one does it and the others find it done.
/// </summary>
internal sealed class SchemaMigration(Database database)
{
    /// <summary>The version this program writes. Version n is what the files of Schema/Version1 to Schema/Version{n} make.</summary>
    public const int Version = 2;

    private const int OldestServer = 130_000;

    /// <summary>Checks the database and migrates it.</summary>
    /// <returns>The schema in which sink tables lie, and the versions before and after.</returns>
    /// <exception cref="StoreUnusableException">It is another program's, or newer, or not fit; it was left as it is.</exception>
    public async Task<(string TableSchema, SchemaVersions Versions)> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tableSchema = await InspectServerAsync(connection, cancellationToken);
        if (await FindVersionAsync(connection, cancellationToken) == Version)
        {
            return (tableSchema, new(Version, Version));
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var alone = connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Of($"{database.Schema}.schema"));
        await alone.ExecuteNonQueryAsync(cancellationToken);
        var before = await FindVersionAsync(connection, cancellationToken);
        for (var version = before; version < Version; version++)
        {
            await using var migrate = new NpgsqlCommand(Script(version), connection);
            await migrate.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (tableSchema, new(before, Version));
    }

    private async Task<string> InspectServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'), pg_is_in_recovery(), current_schema()::text");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var fault = (reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.IsDBNull(3)) switch
        {
            ( < OldestServer, _, _, _) => $"it is PostgreSQL {reader.GetInt32(0) / 10_000}. Use 13 or later.",
            (_, not "UTF8", _, _) => $"its encoding is {reader.GetString(1)}. Create it with encoding UTF8.",
            (_, _, true, _) => "it is a standby, which cannot be written. Give the primary's address.",
            (_, _, _, true) => "no schema of the search path exists, so that sink tables would have no place. Create one.",
            _ => null,
        };
        return fault is null ? reader.GetString(3) : throw new StoreUnusableException($"The {database.Name} cannot be used: {fault}");
    }

    /// <returns>The version of the tables there; 0 if there are none.</returns>
    private async Task<int> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var present = connection.Command(
            "SELECT to_regclass($1) IS NOT NULL, (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $2)",
            Of($"{database.Schema}.store"), Of(database.Channel));
        var tables = await ReadPairAsync(present, cancellationToken);
        if (!tables.HasStore)
        {
            return tables.Count == 0 ? 0 : throw new StoreUnusableException(
                $"The {database.Name} has a schema {database.Schema} of another program ({tables.Count} tables and indexes). It was left as it is: set another schema.");
        }

        await using var command = connection.Command($"SELECT version FROM {database.Schema}.store");
        var version = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        return version <= Version ? version : throw new StoreUnusableException(
            $"The {database.Name} was made by a newer version of this program (schema {version}; this one knows up to {Version}). It was left as it is: use the newer version.");
    }

    private static async Task<(bool HasStore, long Count)> ReadPairAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetInt64(1));
    }

    /// <summary>The statements that lead from a version to the next.</summary>
    private string Script(int version)
    {
        var script = new StringBuilder();
        if (version == 0)
        {
            script.AppendLine($"CREATE SCHEMA IF NOT EXISTS {database.Schema};");
            script.AppendLine($"CREATE TABLE {database.Schema}.store (version integer NOT NULL);");
            script.AppendLine($"INSERT INTO {database.Schema}.store VALUES (0);");
        }

        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"Version{version + 1}/";
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.Contains(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            script.AppendLine(reader.ReadToEnd().Replace("{schema}", database.Schema, StringComparison.Ordinal));
        }

        script.AppendLine($"UPDATE {database.Schema}.store SET version = {version + 1};");
        return script.ToString();
    }
}
