namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for the rows that commits write where other programs may use the database by SQL.</summary>
public abstract class SqlTableContract(SqlStoreFixture fixture) : TableTest(fixture)
{
    private readonly SqlStoreFixture _database = fixture;

    [StoreFact]
    public async Task A_commit_writes_its_rows_its_batches_and_its_offset_or_nothing()
    {
        await StartAsync(Traffic, Latest);
        await CommitAsync(Traffic, Row("GET", 200, 7, 1.0));
        await _database.ExecuteAsync("CREATE UNIQUE INDEX once ON traffic (requests)");
        var rows = new TableWrite(Latest, [[TableValue.From(1), TableValue.From("a"), TableValue.Null]]);
        var repeated = new TableWrite(Traffic, [Row("POST", 200, 1, 1.0), Row("PUT", 200, 7, 1.0)]);
        var commit = new Commit(Task0, 1, Next, Next + 1, [new(Orders1, Batch.Of("lost"))], [rows, repeated], 3);

        var failing = Checkpoints.CommitAsync(commit).AsTask();
        var others = Enumerable.Range(0, 5).Select(index => AppendAsync(Orders1, $"{index}")).ToList();

        await Assert.ThrowsAsync<TableRowException>(() => failing);
        await Task.WhenAll(others).WaitAsync(Hang);
        Assert.Equal(["0", "1", "2", "3", "4"], await ReadAllAsync(Orders1));
        Assert.Empty(await _database.QueryAsync("SELECT id FROM latest"));
        Assert.Equal(["GET|200|7|1"], await _database.QueryAsync("SELECT method, status, requests, seconds FROM traffic"));
        var checkpoint = (await Checkpoints.ListAsync()).Single();
        Assert.Equal((Next, 0), (checkpoint.NextOffset, checkpoint.DeadLetters));
        await CommitAsync(Traffic, Row("PUT", 200, 1, 1.0));
    }
}
