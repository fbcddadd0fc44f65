using Npgsql;
using Orleans.Pipeline.Storage.Postgres.Connections;
using static Orleans.Pipeline.Storage.Postgres.Connections.Commands;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>A table as it stands in the database.</summary>
internal sealed class ExistingTable
{
    private const string SelectColumns =
        """
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0)::integer
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    private readonly List<Column> _columns = [];

    private ExistingTable()
    {
    }

    /// <summary>Finds a table or view.</summary>
    public static async Task<ExistingTable?> FindAsync(NpgsqlConnection connection, string schema, string name, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(SelectColumns, Of(schema), Of(name));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var table = new ExistingTable();
        while (await reader.ReadAsync(cancellationToken))
        {
            table._columns.Add(new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt32(3)));
        }

        return table._columns.Count == 0 ? null : table;
    }

    /// <summary>Names the first way in which it does not fit a schema; null if it fits.</summary>
    public string? FindDifference(TableSchema schema)
    {
        var wanted = schema.Columns;
        for (var index = 0; index < Math.Max(wanted.Count, _columns.Count); index++)
        {
            if (index >= _columns.Count)
            {
                return $"it has no column '{wanted[index].Name}'";
            }

            if (index >= wanted.Count)
            {
                return $"it has a column '{_columns[index].Name}' more";
            }

            if (FindDifference(schema, wanted[index], index) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? FindDifference(TableSchema schema, TableColumn wanted, int index)
    {
        var found = _columns[index];
        var type = TableSql.TypeOf(wanted);
        if (found.Name != wanted.Name)
        {
            return $"its column {index + 1} is '{found.Name}', not '{wanted.Name}'";
        }

        if (found.Type != type)
        {
            return $"its column '{found.Name}' is {found.Type}, not {type}";
        }

        if (found.Key != (wanted.IsKey ? index + 1 : 0))
        {
            return wanted.IsKey
                ? $"its column '{found.Name}' is not part {index + 1} of the primary key"
                : $"its column '{found.Name}' is part of the primary key, but no key column of the definition";
        }

        return found.IsRequired == TableSql.IsRequired(schema, wanted)
            ? null
            : $"its column '{found.Name}' {(found.IsRequired ? "is" : "is not")} NOT NULL, as if made by another kind of table";
    }

    private sealed record Column(string Name, string Type, bool IsRequired, int Key);
}
