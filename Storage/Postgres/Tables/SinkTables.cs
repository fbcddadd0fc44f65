using System.Collections.Concurrent;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>The sink tables: creates them, and checks each once before rows go into it.</summary>
internal sealed class SinkTables(Database database, TableSql sql)
{
    private readonly ConcurrentDictionary<string, SinkTable> _checked = new(StringComparer.Ordinal);

    /// <summary>Creates a table, or checks that the one there fits.</summary>
    /// <exception cref="InvalidTableException">PostgreSQL refuses the definition.</exception>
    /// <exception cref="TableMismatchException">The one there does not fit.</exception>
    public async ValueTask PrepareAsync(TableSchema schema, CancellationToken cancellationToken) => await database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var alone = connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Of($"{sql.Schema}.{schema.Name}"));
            await alone.ExecuteNonQueryAsync(cancellation);
            if (await ExistingTable.FindAsync(connection, sql.Schema, schema.Name, cancellation) is { } existing)
            {
                RequireFit(existing, schema);
            }
            else
            {
                await CreateAsync(connection, schema, cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return 0;
        },
        cancellationToken);

    /// <summary>Finds a table for rows.</summary>
    /// <exception cref="TableMismatchException">It is not there, or does not fit.</exception>
    public async ValueTask<SinkTable> GetAsync(TableSchema schema, CancellationToken cancellationToken)
    {
        if (_checked.TryGetValue(schema.Name, out var table) && table.Fits(schema))
        {
            return table;
        }

        var existing = await database.UseAsync(
            (connection, cancellation) => ExistingTable.FindAsync(connection, sql.Schema, schema.Name, cancellation), cancellationToken);
        RequireFit(existing ?? throw new TableMismatchException(schema.Name, "it does not exist, though rows are written to it"), schema);
        return _checked[schema.Name] = new(schema, sql.Write(schema));
    }

    /// <summary>Has a table checked again before the next rows.</summary>
    public void Forget(TableSchema schema) => _checked.TryRemove(schema.Name, out _);

    private static void RequireFit(ExistingTable existing, TableSchema schema)
    {
        if (existing.FindDifference(schema) is { } difference)
        {
            throw new TableMismatchException(schema.Name, difference);
        }
    }

    private async Task CreateAsync(NpgsqlConnection connection, TableSchema schema, CancellationToken cancellationToken)
    {
        await using var create = new NpgsqlCommand(sql.Create(schema), connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("42", StringComparison.Ordinal))
        {
            throw new InvalidTableException(schema.Name, refused.MessageText);
        }
    }
}
