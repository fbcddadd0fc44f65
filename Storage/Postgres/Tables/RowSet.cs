using System.Text;

namespace Orleans.Pipeline.Storage.Postgres.Tables;

/// <summary>
/// The checked rows of one transaction for one table, one row per key. A statement can change a row only once, so rows with the same key
/// are combined, in their order.
/// </summary>
/// <remarks>
/// PostgreSQL's text cannot contain U+0000 or halves of a surrogate pair. They are stored as U+FFFD, the replacement character, so that one
/// such record does not stop its task forever.
/// </remarks>
internal sealed class RowSet(TableSchema schema)
{
    private readonly int _keyColumns = schema.KeyColumns;
    private readonly Dictionary<TableValue[], TableValue[]> _byKey = new(new KeyComparer(schema.KeyColumns));

    public List<TableValue[]> Rows { get; } = [];

    /// <exception cref="TableRowException">The row does not fit the table.</exception>
    public void Add(TableValue[] row)
    {
        if (TableRow.FindFault(schema, row) is { } fault)
        {
            throw new TableRowException(schema.Name, fault);
        }

        var own = new TableValue[row.Length];
        for (var index = 0; index < row.Length; index++)
        {
            own[index] = ToStorable(schema.Columns[index], row[index]);
        }

        if (_keyColumns == 0)
        {
            Rows.Add(own);
        }
        else if (_byKey.TryAdd(own, own))
        {
            Rows.Add(own);
        }
        else
        {
            Combine(_byKey[own], own);
        }
    }

    private void Combine(TableValue[] present, TableValue[] row)
    {
        for (var index = _keyColumns; index < row.Length; index++)
        {
            present[index] = schema.Mode == TableMode.Add ? TableValue.Sum(present[index], row[index]) : row[index];
        }
    }

    private TableValue ToStorable(TableColumn column, in TableValue value) => value.Type switch
    {
        TableType.Null when schema.Mode == TableMode.Add => ZeroOf(column),
        TableType.Text => TableValue.From(ToStorable(value.AsText)),
        TableType.Real when value.AsReal == 0 => TableValue.From(0.0), // -0 and 0 are one key
        _ => value,
    };

    private static TableValue ZeroOf(TableColumn column) => column.Type == TableType.Real ? TableValue.From(0.0) : TableValue.From(0L);

    private static string ToStorable(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            storable.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }

        return storable.ToString();
    }

    private sealed class KeyComparer(int columns) : IEqualityComparer<TableValue[]>
    {
        public bool Equals(TableValue[]? left, TableValue[]? right) => left.AsSpan(0, columns).SequenceEqual(right.AsSpan(0, columns));

        public int GetHashCode(TableValue[] row)
        {
            var hash = new HashCode();
            foreach (var value in row.AsSpan(0, columns))
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
