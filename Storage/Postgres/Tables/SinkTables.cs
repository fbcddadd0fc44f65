using System.Collections.Concurrent;
using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>Creates sink tables, and checks each once before rows are written to it.</summary>
internal sealed class SinkTables(Database database, TableSql sql)
{
    private const string SelectColumns =
        """
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0)::integer,
            a.atthasdef OR a.attidentity <> ''
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    private readonly ConcurrentDictionary<string, SinkTable> _checked = new(StringComparer.Ordinal);

    /// <summary>Creates a table, or checks that the existing one fits.</summary>
    /// <exception cref="InvalidTableException">PostgreSQL refuses the definition.</exception>
    /// <exception cref="TableMismatchException">The existing table does not fit.</exception>
    public async ValueTask PrepareAsync(TableSchema schema, CancellationToken cancellationToken) => await database.UseAsync(
        async (connection, cancellation) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var alone = connection.Command(
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Of($"{sql.Schema}.{schema.Name}"));
            await alone.ExecuteNonQueryAsync(cancellation);
            if (await FindColumnsAsync(connection, schema.Name, cancellation) is { Count: > 0 } existing)
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

    /// <exception cref="TableMismatchException">The table does not exist, or does not fit.</exception>
    public async ValueTask<SinkTable> GetAsync(TableSchema schema, CancellationToken cancellationToken)
    {
        if (_checked.TryGetValue(schema.Name, out var table) && table.Fits(schema))
        {
            return table;
        }

        var existing = await database.UseAsync(
            (connection, cancellation) => FindColumnsAsync(connection, schema.Name, cancellation), cancellationToken);
        if (existing.Count == 0)
        {
            throw new TableMismatchException(schema.Name, "it does not exist, but rows are written to it");
        }

        RequireFit(existing, schema);
        return _checked[schema.Name] = new(schema, sql.Write(schema));
    }

    /// <summary>Makes the store check a table again before the next rows.</summary>
    public void Forget(TableSchema schema) => _checked.TryRemove(schema.Name, out _);

    /// <summary>Finds the columns of a table or view; empty if it does not exist.</summary>
    private async Task<List<ExistingColumn>> FindColumnsAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(SelectColumns, Of(sql.Schema), Of(table));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<ExistingColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt32(3))
            {
                HasDefault = reader.GetBoolean(4),
            });
        }

        return columns;
    }

    private static void RequireFit(List<ExistingColumn> existing, TableSchema schema)
    {
        if (TableDifference.Find(schema, existing, TableSql.TypeOf) is { } difference)
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
