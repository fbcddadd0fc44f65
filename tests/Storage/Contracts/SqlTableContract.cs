using Orleans.Pipeline.Storage.Tests.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for the rows that commits write where other programs may use the database by SQL.</summary>
public abstract class SqlTableContract(SqlStoreFixture fixture) : TableTest(fixture)
{
    private readonly SqlStoreFixture _database = fixture;

    [StoreTheory]
    [InlineData("note TEXT")]
    [InlineData("note TEXT DEFAULT 'none'")]
    [InlineData("note TEXT NOT NULL DEFAULT 'none'")]
    [InlineData("note INTEGER GENERATED ALWAYS AS (status * 2) ", "STORED", "VIRTUAL")]
    public async Task A_column_that_an_administrator_added_is_left_alone_if_it_is_nullable_or_has_a_default(
        string column, string onPostgres = "", string onSqlite = "")
    {
        await StartAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 7, 1.0));
        await _database.ExecuteAsync($"ALTER TABLE traffic ADD COLUMN {column}{(_database is SqliteFixture ? onSqlite : onPostgres)}");
        await _database.ReopenAsync();

        await Checkpoints.PrepareTableAsync(Traffic);
        await CommitAsync(Traffic, Row("GET", 200, 1, 1.0));

        Assert.Equal(["GET|200|8|2"], await _database.QueryAsync("SELECT method, status, requests, seconds FROM traffic"));
    }

    [StoreFact]
    public async Task A_rule_that_an_administrator_added_does_not_stop_a_pipeline_from_starting()
    {
        await StartAsync();
        await _database.ExecuteAsync(_database is SqliteFixture
            ? "CREATE TABLE latest (name TEXT NOT NULL, \"order\" INTEGER, id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0)) WITHOUT ROWID"
            : "CREATE TABLE latest (name text NOT NULL, \"order\" boolean, id bigint NOT NULL PRIMARY KEY CHECK (id > 0))");

        await Checkpoints.PrepareTableAsync(Latest);

        await CommitAsync(Latest, [TableValue.From(1), TableValue.From("a"), TableValue.From(true)]);
        await Assert.ThrowsAsync<TableRowException>(() => CommitAsync(Latest, [TableValue.From(2), TableValue.Null, TableValue.From(true)]));
        await Assert.ThrowsAsync<TableRowException>(
            () => CommitAsync(Latest, [TableValue.From(-1), TableValue.From("a"), TableValue.From(true)]));
    }

    [StoreTheory]
    [InlineData("CREATE TABLE latest (id {0} NOT NULL PRIMARY KEY, name TEXT, \"order\" {1}, region TEXT NOT NULL)", "'region' is NOT NULL")]
    [InlineData(
        "CREATE TABLE latest (id {0} NOT NULL, region TEXT NOT NULL, name TEXT, \"order\" {1}, PRIMARY KEY (id, region))",
        "'region' is part of the primary key")]
    public async Task A_column_that_no_row_can_do_without_is_named(string create, string fault)
    {
        await StartAsync();
        await _database.ExecuteAsync(_database is SqliteFixture
            ? string.Format(System.Globalization.CultureInfo.InvariantCulture, create, "INTEGER", "INTEGER")
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, create, "bigint", "boolean"));

        var mismatch = await Assert.ThrowsAsync<TableMismatchException>(() => Checkpoints.PrepareTableAsync(Latest).AsTask());

        Assert.Contains(fault, mismatch.Message);
    }

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
