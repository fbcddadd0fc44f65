namespace Orleans.Pipeline.Storage;

/// <summary>A column of a sink table as it stands in a database.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The database's name for the type.</param>
/// <param name="IsRequired">Whether the column is NOT NULL.</param>
/// <param name="Key">The column's place in the primary key, from 1; 0 if the column is not part of the key.</param>
public sealed record ExistingColumn(string Name, string Type, bool IsRequired, int Key);

/// <summary>Compares a sink table that exists with its definition.</summary>
public static class TableDifference
{
    /// <summary>Describes the first difference between a table and its definition; null if there is none.</summary>
    /// <param name="schema">The definition.</param>
    /// <param name="columns">The table's columns, in their order.</param>
    /// <param name="typeOf">Returns the database's name for a column's type, in any case.</param>
    public static string? Find(TableSchema schema, IReadOnlyList<ExistingColumn> columns, Func<TableColumn, string> typeOf)
    {
        var wanted = schema.Columns;
        for (var index = 0; index < Math.Max(wanted.Count, columns.Count); index++)
        {
            if (index >= columns.Count)
            {
                return $"it has no column '{wanted[index].Name}'";
            }

            if (index >= wanted.Count)
            {
                return $"it has an extra column '{columns[index].Name}'";
            }

            if (Find(columns[index], wanted[index], index + 1, typeOf, schema.Mode) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? Find(ExistingColumn found, TableColumn wanted, int place, Func<TableColumn, string> typeOf, TableMode mode)
    {
        if (found.Name != wanted.Name)
        {
            return $"its column {place} is '{found.Name}', not '{wanted.Name}'";
        }

        var type = typeOf(wanted);
        if (!string.Equals(found.Type, type, StringComparison.OrdinalIgnoreCase))
        {
            return $"its column '{found.Name}' is {found.Type}, not {type}";
        }

        if (found.Key != (wanted.IsKey ? place : 0))
        {
            return wanted.IsKey
                ? $"its column '{found.Name}' is not part {place} of the primary key"
                : $"its column '{found.Name}' is part of the primary key, but not a key column of the definition";
        }

        return found.IsRequired == (wanted.IsKey || mode == TableMode.Add)
            ? null
            : $"its column '{found.Name}' {(found.IsRequired ? "is" : "is not")} NOT NULL, as in a table of another mode";
    }
}
