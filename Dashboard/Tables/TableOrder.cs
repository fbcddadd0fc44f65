namespace Orleans.Pipeline.Dashboard.Tables;

/// <summary>The order of a table by a column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Descending">Whether the largest comes first.</param>
public readonly record struct TableOrder(string Column, bool Descending)
{
    /// <summary>
    /// Returns the order after a click on a column's head: by that column, or reversed if the table is in that order already.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="descendingFirst">Whether the largest come first after the first click.</param>
    public TableOrder By(string column, bool descendingFirst) =>
        column == Column ? new TableOrder(column, !Descending) : new TableOrder(column, descendingFirst);

    /// <summary>Sorts rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="key">The value that a row is sorted by.</param>
    /// <typeparam name="TRow">The type of a row.</typeparam>
    public IOrderedEnumerable<TRow> Sort<TRow>(IEnumerable<TRow> rows, Func<TRow, IComparable?> key) =>
        Descending ? rows.OrderByDescending(key) : rows.OrderBy(key);
}
