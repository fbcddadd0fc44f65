namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A test of the rows that commits write.</summary>
public abstract class TableTest(StoreFixture fixture) : StoreTest(fixture)
{
    protected static readonly TableSchema Traffic = new("traffic", TableMode.Add,
    [
        new("method", TableType.Text, IsKey: true),
        new("status", TableType.Integer, IsKey: true),
        new("requests", TableType.Integer, IsKey: false),
        new("seconds", TableType.Real, IsKey: false),
    ]);

    protected static readonly TableSchema Latest = new("latest", TableMode.Upsert,
    [
        new("id", TableType.Integer, IsKey: true),
        new("name", TableType.Text, IsKey: false),
        new("order", TableType.Boolean, IsKey: false),
    ]);

    /// <summary>Gets where the next commit of the task starts.</summary>
    protected long Next { get; private set; }

    protected static TableValue[] Row(string method, long status, long requests, double seconds) =>
        [TableValue.From(method), TableValue.From(status), TableValue.From(requests), TableValue.From(seconds)];

    protected async Task StartAsync(params TableSchema[] tables)
    {
        await AppendAsync(Orders0, [.. Enumerable.Repeat("a", 10)]);
        await Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        foreach (var table in tables)
        {
            await Checkpoints.PrepareTableAsync(table);
        }
    }

    protected async Task CommitAsync(TableSchema table, params TableValue[][] rows)
    {
        await Checkpoints.CommitAsync(new Commit(Task0, 1, Next, Next + 1, [], [new(table, rows)], 0));
        Next++;
    }
}
