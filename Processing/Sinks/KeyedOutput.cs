namespace Orleans.Pipeline.Sinks;

/// <summary>
/// Gathers rows for a table with a key, and combines them before they reach the database: the last row wins (upsert), or the rows are
/// added up. A hundred thousand records that touch fifty keys become fifty rows.
/// </summary>
internal sealed class KeyedOutput<T> : SinkOutput<T>
{
    private readonly TableSchema _table;
    private readonly RowReader<T> _reader;
    private readonly int _keyColumns;
    private readonly Dictionary<TableValue[], TableValue[]> _rows;
    private readonly List<TableValue[]> _put = [];
    private int _putCount;

    public KeyedOutput(TableSchema table, Func<T, TableValue>[] read)
    {
        _table = table;
        _reader = new RowReader<T>(table, read);
        _keyColumns = table.KeyColumns;
        _rows = new Dictionary<TableValue[], TableValue[]>(new KeyComparer(_keyColumns));
    }

    public override void Put(T value, StepContext context)
    {
        if (_putCount == _put.Count)
        {
            _put.Add(new TableValue[_reader.Columns]);
        }

        _reader.Read(value, _put[_putCount]);
        _putCount++;
    }

    public override void Accept()
    {
        for (var index = 0; index < _putCount; index++)
        {
            var row = _put[index];
            if (_rows.TryGetValue(row, out var present))
            {
                Combine(present, row);
            }
            else
            {
                var own = (TableValue[])row.Clone();
                _rows.Add(own, own);
            }
        }

        _putCount = 0;
    }

    public override void Discard() => _putCount = 0;

    public override void Append(SinkOutput later)
    {
        foreach (var row in ((KeyedOutput<T>)later)._rows.Values)
        {
            if (_rows.TryGetValue(row, out var present))
            {
                Combine(present, row);
            }
            else
            {
                _rows.Add(row, row);
            }
        }
    }

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables)
    {
        if (_rows.Count > 0)
        {
            tables.Add(new TableWrite(_table, [.. _rows.Values]));
        }
    }

    private void Combine(TableValue[] present, TableValue[] row)
    {
        for (var column = _keyColumns; column < row.Length; column++)
        {
            present[column] = _table.Mode == TableMode.Add ? TableValue.Sum(present[column], row[column]) : row[column];
        }
    }

    private sealed class KeyComparer(int columns) : IEqualityComparer<TableValue[]>
    {
        public bool Equals(TableValue[]? left, TableValue[]? right)
        {
            for (var column = 0; column < columns; column++)
            {
                if (!left![column].Equals(right![column]))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(TableValue[] row)
        {
            var hash = 17;
            for (var column = 0; column < columns; column++)
            {
                hash = (hash * 31) + row[column].GetHashCode();
            }

            return hash;
        }
    }
}
