using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>Which errors of SQLite are of a row, so that its record becomes a dead letter, and which are of no row.</summary>
public sealed class SqliteRefusalTests : IAsyncLifetime
{
    private const string Columns = "name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER";

    private static readonly TopicPartition Orders0 = new("orders", 0);
    private static readonly TaskId Task0 = new("shop", "count", 0);
    private static readonly TableSchema Named = new(
        "named",
        TableMode.Upsert,
        [new("name", TableType.Text, true), new("note", TableType.Text, false), new("size", TableType.Integer, false)]);

    private readonly TemporaryDirectory _directory = new();
    private SqliteStore _store = null!;
    private long _next;

    private string Path => _directory["store.db"];

    public async Task InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path });
        await _store.CreateTopicAsync(Orders0.Topic, new TopicSettings { Partitions = 1 });
        await _store.AppendAsync(Orders0, Batch.Of("a", "b", "c"));
        await _store.TakeOverAsync(Task0, Orders0, 0);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER CHECK (size > 0))", "CHECK constraint failed")]
    [InlineData("CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT NOT NULL, size INTEGER)", "NOT NULL constraint failed")]
    [InlineData("CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER UNIQUE)", "UNIQUE constraint failed", 1)]
    [InlineData(
        "CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER UNIQUE ON CONFLICT ROLLBACK)",
        "UNIQUE constraint failed",
        1)]
    [InlineData("CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER CHECK (json(note) IS NOT NULL))", "malformed JSON", -1, "{")]
    [InlineData(
        "CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER CHECK (size > 0 OR length(zeroblob(2000000000 - size)) > 0))",
        "too big")]
    [InlineData("ABORT", "no such size")]
    [InlineData("FAIL", "no such size")]
    [InlineData("ROLLBACK", "no such size")]
    public async Task A_row_that_a_rule_of_the_table_refuses_is_refused_alone_with_the_database_s_message(
        string rule, string reason, long size = -1, string? note = null)
    {
        SqliteShell.Execute(Path, rule.StartsWith("CREATE", StringComparison.Ordinal)
            ? rule
            : $"CREATE TABLE named ({Columns}); CREATE TRIGGER checked BEFORE INSERT ON named WHEN NEW.size < 0 "
                + $"BEGIN SELECT RAISE({rule}, 'no such size'); END");
        await _store.PrepareTableAsync(Named);
        await CommitAsync(Row("1", "1", 1));

        var failing = CommitAsync(Row("2", "2", 2), Row("bad", note, size));
        var others = Enumerable.Range(0, 5).Select(index => _store.AppendAsync(Orders0, Batch.Of($"{index}")).AsTask()).ToList();

        var refused = await Assert.ThrowsAsync<TableRowException>(() => failing);
        Assert.Contains(reason, refused.Message);
        Assert.Equal("named", refused.Table);
        await Task.WhenAll(others);
        await CommitAsync(Row("2", "2", 2));
        Assert.Equal(["1", "2"], SqliteShell.Query(Path, "SELECT name FROM named ORDER BY name"));
    }

    [Theory]
    [InlineData("DROP TABLE named", $"CREATE TABLE named ({Columns})")]
    [InlineData(
        "CREATE TRIGGER copied AFTER INSERT ON named BEGIN INSERT INTO missing VALUES (1); END", "CREATE TABLE missing (id)")]
    [InlineData(
        "ALTER TABLE named RENAME TO old; CREATE TABLE named (name TEXT NOT NULL PRIMARY KEY, note TEXT, size INTEGER, region TEXT NOT NULL)",
        "DROP TABLE named; ALTER TABLE old RENAME TO named")]
    [InlineData("ALTER TABLE named RENAME note TO notes", "ALTER TABLE named RENAME notes TO note")]
    public async Task A_table_that_takes_no_row_any_more_is_named_and_takes_rows_when_it_is_mended(string fault, string mending)
    {
        await _store.PrepareTableAsync(Named);
        await CommitAsync(Row("1", "1", 1));
        SqliteShell.Execute(Path, fault);

        var mismatch = await Assert.ThrowsAsync<TableMismatchException>(() => CommitAsync(Row("2", "2", 2)));

        Assert.Contains("'named'", mismatch.Message);
        SqliteShell.Execute(Path, mending);
        await CommitAsync(Row("2", "2", 2));
    }

    private static TableValue[] Row(string name, string? note, long size) =>
        [TableValue.From(name), TableValue.From(note), TableValue.From(size)];

    private async Task CommitAsync(params TableValue[][] rows)
    {
        await _store.CommitAsync(new Commit(Task0, 1, _next, _next + 1, [], [new(Named, rows)], 0));
        _next++;
    }
}
