namespace Orleans.Pipeline.Storage;

/// <summary>Checks the rows of sink tables, so that all stores refuse the same rows.</summary>
public static class TableRow
{
    /// <summary>Describes why a row does not fit its table, for a <see cref="TableRowException"/>; null if the row fits.</summary>
    /// <param name="schema">The definition of the table.</param>
    /// <param name="row">The row.</param>
    public static string? FindFault(TableSchema schema, TableValue[] row)
    {
        var columns = schema.Columns;
        if (row.Length != columns.Count)
        {
            return $"it has {row.Length} values for {columns.Count} columns";
        }

        for (var index = 0; index < row.Length; index++)
        {
            if (FindFault(columns[index], row[index]) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? FindFault(TableColumn column, in TableValue value)
    {
        if (value.Type == TableType.Null)
        {
            return column.IsKey ? $"key column '{column.Name}' has no value" : null;
        }

        if (value.Type != column.Type)
        {
            return $"column '{column.Name}' holds {column.Type}, but was given the {value.Type} {value}";
        }

        return value.Type == TableType.Real && double.IsNaN(value.AsReal)
            ? $"column '{column.Name}' is NaN, which not every store can keep"
            : null;
    }
}
