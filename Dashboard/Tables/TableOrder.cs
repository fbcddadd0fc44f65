namespace Orleans.Pipeline.Dashboard.Tables;

/// <summary>By which column a table is sorted.</summary>
/// <param name="Column">The column.</param>
/// <param name="Descending">Whether the largest comes first.</param>
public readonly record struct TableOrder(string Column, bool Descending)
{
    /// <summary>The order after a click on a column's head: by that column, or the other way round if it was.</summary>
    /// <param name="column">The column.</param>
    /// <param name="descendingFirst">Whether its largest come first at the first click.</param>
    public TableOrder By(string column, bool descendingFirst) =>
        column == Column ? new TableOrder(column, !Descending) : new TableOrder(column, descendingFirst);

    /// <summary>Sorts.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="key">What a row is sorted by.</param>
    /// <typeparam name="TRow">The rows.</typeparam>
    public IOrderedEnumerable<TRow> Sort<TRow>(IEnumerable<TRow> rows, Func<TRow, IComparable?> key) =>
        Descending ? rows.OrderByDescending(key) : rows.OrderBy(key);
}
