namespace Orleans.Pipeline.Sinks;

internal sealed class InsertOutput<T>(TableSchema table, Func<T, TableValue>[] read) : SinkOutput<T>
{
    private readonly RowReader<T> _reader = new(table, read);
    private readonly List<TableValue[]> _rows = [];
    private int _kept;

    public override void Put(T value, StepContext context)
    {
        var row = new TableValue[_reader.Columns];
        _reader.Read(value, row);
        _rows.Add(row);
    }

    public override void Accept() => _kept = _rows.Count;

    public override void Discard() => _rows.RemoveRange(_kept, _rows.Count - _kept);

    public override void Append(SinkOutput later)
    {
        _rows.AddRange(((InsertOutput<T>)later)._rows);
        _kept = _rows.Count;
    }

    public override void AddTo(List<TopicAppend> appends, List<TableWrite> tables)
    {
        if (_rows.Count > 0)
        {
            tables.Add(new TableWrite(table, _rows));
        }
    }
}
