namespace Orleans.Pipeline.Sinks;

/// <summary>
/// Reads the row for a value, and refuses what no store could hold: a null key, a number that is not finite, text with U+0000. The record
/// then becomes a dead letter. If such a row reached the store, the store would refuse the commit for ever.
/// </summary>
internal sealed class RowReader<T>(TableSchema table, Func<T, TableValue>[] columns)
{
    private readonly int _keyColumns = table.KeyColumns;

    public int Columns => columns.Length;

    public void Read(T value, TableValue[] row)
    {
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = columns[column](value);
            if (Fault(column, row[column]) is { } fault)
            {
                throw new PermanentException($"Column '{table.Columns[column].Name}' of table '{table.Name}' {fault}");
            }
        }
    }

    private string? Fault(int column, in TableValue value) => value.Type switch
    {
        TableType.Null when column < _keyColumns => "is part of the key and was null. Give every key a value.",
        TableType.Real when !double.IsFinite(value.AsReal) => $"was {value}. Give a finite number.",
        TableType.Text when value.AsText.Contains('\0', StringComparison.Ordinal) =>
            "holds text with the character U+0000, which PostgreSQL cannot store. Leave it out.",
        _ => null,
    };
}
