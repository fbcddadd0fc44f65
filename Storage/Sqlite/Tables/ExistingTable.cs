using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Tables;

/// <summary>A table as it stands in the database.</summary>
internal sealed class ExistingTable
{
    private readonly List<Column> _columns = [];

    private ExistingTable()
    {
    }

    /// <summary>Finds a table or view.</summary>
    public static ExistingTable? Find(Connection connection, string name)
    {
        using var statement = connection.PrepareOnce("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) ORDER BY cid");
        statement.Bind(1, name);
        var table = new ExistingTable();
        while (statement.Step())
        {
            table._columns.Add(new(statement.Text(0), statement.Text(1), statement.Integer(2) != 0, (int)statement.Integer(3)));
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
        var key = wanted.IsKey ? index + 1 : 0;
        if (found.Name != wanted.Name)
        {
            return $"its column {index + 1} is '{found.Name}', not '{wanted.Name}'";
        }

        if (!string.Equals(found.Type, type, StringComparison.OrdinalIgnoreCase))
        {
            return $"its column '{found.Name}' is {found.Type}, not {type}";
        }

        if (found.Key != key)
        {
            return wanted.IsKey
                ? $"its column '{found.Name}' is not part {key} of the primary key"
                : $"its column '{found.Name}' is part of the primary key, but no key column of the definition";
        }

        return found.IsRequired == TableSql.IsRequired(schema, wanted)
            ? null
            : $"its column '{found.Name}' {(found.IsRequired ? "is" : "is not")} NOT NULL, as if made by another kind of table";
    }

    private sealed record Column(string Name, string Type, bool IsRequired, int Key);
}
