namespace Orleans.Pipeline.Storage;

/// <summary>A column of a sink table as it stands in a database.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The database's name for the type.</param>
/// <param name="IsRequired">Whether the column is NOT NULL.</param>
/// <param name="Key">The column's place in the primary key, from 1; 0 if the column is not part of the key.</param>
public sealed record ExistingColumn(string Name, string Type, bool IsRequired, int Key)
{
    /// <summary>Gets whether the database gives the column a value where a row has none: a default, an identity or an expression.</summary>
    public bool HasDefault { get; init; }
}

/// <summary>
/// Compares a sink table that exists with its definition. A column that the definition does not have is left alone if it is nullable or has
/// a default. A rule of the administrator, such as NOT NULL on a column of the definition, is no difference: it refuses
/// rows, not the table.
/// </summary>
public static class TableDifference
{
    /// <summary>Describes the first difference between a table and its definition; null if there is none.</summary>
    /// <param name="schema">The definition.</param>
    /// <param name="columns">The table's columns, in their order.</param>
    /// <param name="typeOf">Returns the database's name for a column's type, in any case.</param>
    public static string? Find(TableSchema schema, IReadOnlyList<ExistingColumn> columns, Func<TableColumn, string> typeOf)
    {
        for (var index = 0; index < schema.Columns.Count; index++)
        {
            var wanted = schema.Columns[index];
            if (columns.FirstOrDefault(column => column.Name == wanted.Name) is not { } found)
            {
                return $"it has no column '{wanted.Name}'";
            }

            if (Find(found, wanted, index + 1, typeOf, schema.Mode) is { } difference)
            {
                return difference;
            }
        }

        return columns.Where(column => schema.Columns.All(wanted => wanted.Name != column.Name)).Select(FindInExtra)
            .FirstOrDefault(difference => difference is not null);
    }

    private static string? FindInExtra(ExistingColumn extra) =>
        extra.Key > 0 ? $"its column '{extra.Name}' is part of the primary key, but not a column of the definition"
        : extra.IsRequired && !extra.HasDefault
            ? $"its column '{extra.Name}' is NOT NULL without a default, but not a column of the definition, so no row has a value for it"
        : null;

    private static string? Find(ExistingColumn found, TableColumn wanted, int place, Func<TableColumn, string> typeOf, TableMode mode)
    {
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

        if (wanted.IsKey || mode == TableMode.Add)
        {
            return found.IsRequired ? null : $"its column '{found.Name}' is not NOT NULL, as in a table of another mode";
        }

        return found is { IsRequired: true, HasDefault: true }
            ? $"its column '{found.Name}' is NOT NULL with a default, as in a table of another mode"
            : null;
    }
}
