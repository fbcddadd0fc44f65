namespace Orleans.Pipeline.Sinks;

internal sealed class BoundTableSink<T>(TableSchema table, Func<T, TableValue>[] read) : BoundSink<T>($"To({table.Name})")
{
    public override TableSchema? Table => table;

    public override OutputFactory Prepare(OutputContext context) => new Factory(table, read);

    private sealed class Factory(TableSchema table, Func<T, TableValue>[] read) : OutputFactory
    {
        public override SinkOutput Create() => table.Mode == TableMode.Insert
            ? new InsertOutput<T>(table, read)
            : new KeyedOutput<T>(table, read);
    }
}
