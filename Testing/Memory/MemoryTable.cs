using Orleans.Pipeline.Storage;

namespace Orleans.Pipeline.Testing.Memory;

/// <summary>A sink table.</summary>
internal sealed class MemoryTable(TableSchema schema)
{
    private readonly List<TableValue[]> _rows = [];
    private readonly Dictionary<TableValue[], TableValue[]> _byKey = new(new KeyComparer(schema.KeyColumns));

    public TableSchema Schema => schema;

    public IReadOnlyList<TableValue[]> Rows => _rows;

    /// <exception cref="TableMismatchException">The table differs from a definition.</exception>
    public void RequireFit(TableSchema wanted)
    {
        var columns = schema.Columns.Select((column, index) => new ExistingColumn(
            column.Name,
            column.Type.ToString(),
            IsRequired: column.IsKey || schema.Mode == TableMode.Add,
            Key: column.IsKey ? index + 1 : 0)
        {
            HasDefault = schema.Mode == TableMode.Add && !column.IsKey,
        });
        if (TableDifference.Find(wanted, [.. columns], column => column.Type.ToString()) is { } difference)
        {
            throw new TableMismatchException(schema.Name, difference);
        }
    }

    /// <summary>Writes rows that were checked.</summary>
    public void Write(TableMode mode, IReadOnlyList<TableValue[]> rows)
    {
        foreach (var row in rows)
        {
            TableValue[] own = [.. row.Select((value, index) => mode == TableMode.Add ? OrZero(value, schema.Columns[index]) : value)];
            if (mode == TableMode.Insert || _byKey.TryAdd(own, own))
            {
                _rows.Add(own);
            }
            else
            {
                Combine(mode, _byKey[own], own);
            }
        }
    }

    private void Combine(TableMode mode, TableValue[] present, TableValue[] row)
    {
        for (var index = schema.KeyColumns; index < row.Length; index++)
        {
            present[index] = mode == TableMode.Add ? Sum(present[index], row[index]) : row[index];
        }
    }

    private static TableValue OrZero(TableValue value, TableColumn column) => (value.Type, column.Type) switch
    {
        (TableType.Null, TableType.Real) => TableValue.From(0.0),
        (TableType.Null, _) => TableValue.From(0L),
        _ => value,
    };

    /// <summary>Adds two values as a database does: an integer stays within 64 bits, a number may become infinite.</summary>
    private static TableValue Sum(TableValue left, TableValue right) => (left.Type, right.Type) == (TableType.Real, TableType.Real)
        ? TableValue.From(left.AsReal + right.AsReal)
        : TableValue.Sum(left, right);

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
