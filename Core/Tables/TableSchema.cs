namespace Orleans.Pipeline;

/// <summary>The definition of a sink table.</summary>
/// <param name="Name">
/// The table's name: <c>[a-z][a-z0-9_]{0,62}</c>, without the reserved prefixes <c>pipeline_</c>, <c>sqlite_</c> and <c>pg_</c>.
/// </param>
/// <param name="Mode">The effect of a row on the table.</param>
/// <param name="Columns">The table's columns; the key columns come first.</param>
public sealed record TableSchema(string Name, TableMode Mode, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>Gets the number of key columns, which come first; 0 in a table of mode <see cref="TableMode.Insert"/>.</summary>
    public int KeyColumns => Columns.Count(column => column.IsKey);
}

/// <summary>The effect of a row on a sink table.</summary>
public enum TableMode
{
    /// <summary>Adds a row. The table has no key and only grows.</summary>
    Insert,

    /// <summary>Replaces the row with the same key.</summary>
    Upsert,

    /// <summary>Adds the row's values to those of the row with the same key.</summary>
    Add,
}

/// <summary>A column of a sink table.</summary>
/// <param name="Name">The column's name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="IsKey">Whether the column is part of the key.</param>
public sealed record TableColumn(string Name, TableType Type, bool IsKey);
