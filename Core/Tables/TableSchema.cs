namespace Orleans.Pipeline;

/// <summary>A sink table as the store sees it.</summary>
/// <param name="Name">Its name: <c>[a-z][a-z0-9_]{0,62}</c>, not starting with <c>pipeline_</c>, <c>sqlite_</c> or <c>pg_</c>, which are the stores' own.</param>
/// <param name="Mode">What a row does to the table.</param>
/// <param name="Columns">Its columns; the key columns come first.</param>
public sealed record TableSchema(string Name, TableMode Mode, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>How many columns, from the first on, are the key; 0 for a table that only grows.</summary>
    public int KeyColumns => Columns.Count(column => column.IsKey);
}

/// <summary>What a row does to a sink table.</summary>
public enum TableMode
{
    /// <summary>It is added; the table only grows.</summary>
    Insert,

    /// <summary>It replaces the row with the same key.</summary>
    Upsert,

    /// <summary>Its values are added to those of the row with the same key.</summary>
    Add,
}

/// <summary>A column of a sink table.</summary>
/// <param name="Name">Its name: <c>[a-z][a-z0-9_]{0,62}</c>.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsKey">Whether it is part of the key.</param>
public sealed record TableColumn(string Name, TableType Type, bool IsKey);
