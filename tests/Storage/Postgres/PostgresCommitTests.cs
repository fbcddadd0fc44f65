using Npgsql;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Commits of many tasks that wait and then go together.</summary>
[RequiresPostgres]
public sealed class PostgresCommitTests : PostgresTest
{
    private const int Tasks = 8;
    private const string Transactions = "SELECT count(DISTINCT xmin::text) FROM pipeline.checkpoints";

    private static readonly TableSchema Counts = new(
        "counts", TableMode.Add, [new("key", TableType.Integer, IsKey: true), new("sum", TableType.Integer, IsKey: false)]);

    private static readonly TopicPartition Copies = new("copies", 0);

    private PostgresStore _store = null!;

    [StoreFact]
    public async Task Commits_that_wait_for_one_go_together_in_one_transaction_with_all_their_effects()
    {
        await TakeOverAsync();
        Assert.Empty(await _store.ReadAsync(Copies, 0, 1 << 20, TimeSpan.Zero));

        await Task.WhenAll(await CommitBehindALockAsync(Enumerable.Range(0, Tasks).Select(task => CommitOf(task))));

        Assert.InRange(await QueryAsync<long>(Transactions), 1, 2);
        Assert.Equal(Tasks, await QueryAsync<long>("SELECT sum FROM counts WHERE key = 0"));
        Assert.Equal(Tasks, await QueryAsync<long>("SELECT count(*) FROM counts WHERE key > 0 AND sum = 10"));
        Assert.All(await _store.ListAsync(), checkpoint => Assert.Equal(1, checkpoint.NextOffset));
        var copies = await ReadAllAsync(_store, Copies);
        Assert.Equal(Enumerable.Range(0, Tasks).Select(task => $"{task}"), copies.Order());
        await ExecuteAsync("ALTER TABLE pipeline.segment_2 RENAME TO hidden");
        Assert.Equal(copies, await ReadAllAsync(_store, Copies)); // from memory, at the same offsets
    }

    [StoreFact]
    public async Task One_that_is_fenced_changes_nothing_and_those_that_waited_with_it_are_made()
    {
        await TakeOverAsync();
        await _store.TakeOverAsync(TaskOn(3), new(Orders, 3), 0);

        var commits = await CommitBehindALockAsync(Enumerable.Range(0, Tasks).Select(task => CommitOf(task)));

        await Assert.ThrowsAsync<TaskFencedException>(() => commits[3]);
        await Task.WhenAll(commits.Where((_, task) => task != 3));
        Assert.Equal(Tasks - 1, await QueryAsync<long>("SELECT sum FROM counts WHERE key = 0"));
        Assert.Equal(Tasks - 1, (await ReadAllAsync(_store, Copies)).Count);
        Assert.DoesNotContain("3", await ReadAllAsync(_store, Copies));
        Assert.Equal(
            Enumerable.Range(0, Tasks).Select(task => task == 3 ? 0L : 1),
            (await _store.ListAsync()).Select(checkpoint => checkpoint.NextOffset));
    }

    [StoreFact]
    public async Task One_whose_row_does_not_fit_fails_alone()
    {
        await TakeOverAsync();
        var wrong = CommitOf(5) with { Tables = [new TableWrite(Counts, [[TableValue.From("five"), TableValue.From(1)]])] };

        var commits = await CommitBehindALockAsync(Enumerable.Range(0, Tasks).Select(task => task == 5 ? wrong : CommitOf(task)));

        await Assert.ThrowsAsync<TableRowException>(() => commits[5]);
        await Task.WhenAll(commits.Where((_, task) => task != 5));
        Assert.Equal(Tasks - 1, await QueryAsync<long>("SELECT sum FROM counts WHERE key = 0"));
    }

    [StoreFact]
    public async Task One_that_was_made_before_succeeds_among_others_and_changes_nothing()
    {
        await TakeOverAsync();
        await _store.CommitAsync(CommitOf(2));

        await Task.WhenAll(await CommitBehindALockAsync(Enumerable.Range(0, Tasks).Select(task => CommitOf(task))));

        Assert.Equal(Tasks, await QueryAsync<long>("SELECT sum FROM counts WHERE key = 0"));
        Assert.Equal(Tasks, (await ReadAllAsync(_store, Copies)).Count);
    }

    /// <summary>
    /// Opens a store that makes one transaction of commits at a time, with a task on each partition under its first epoch.
    /// </summary>
    private async Task TakeOverAsync()
    {
        _store = await OpenAsync(Settings with { Committers = 1 });
        await _store.CreateTopicAsync(Orders, new TopicSettings { Partitions = Tasks });
        await _store.CreateTopicAsync(Copies.Topic, new TopicSettings { Partitions = 1 });
        await _store.PrepareTableAsync(Counts);
        for (var task = 0; task < Tasks; task++)
        {
            await _store.AppendAsync(new(Orders, task), Batch.Of("a"));
            await _store.TakeOverAsync(TaskOn(task), new(Orders, task), 0);
        }
    }

    /// <summary>Commits while another program holds their table, and lets go when all of them wait.</summary>
    private async Task<IReadOnlyList<Task>> CommitBehindALockAsync(IEnumerable<Commit> commits)
    {
        await using var other = new NpgsqlConnection(PostgresServer.Unpooled(ConnectionString));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE counts IN EXCLUSIVE MODE", other, transaction);
        await hold.ExecuteNonQueryAsync();
        var waiting = commits.Select(commit => _store.CommitAsync(commit).AsTask()).ToList();
        await transaction.CommitAsync();
        return waiting;
    }

    private static TaskId TaskOn(int partition) => new("copy", "orders", partition);

    /// <summary>A commit of a task's first record: a row that all tasks add to, one of its own, and a copy.</summary>
    private static Commit CommitOf(int task) => new(
        TaskOn(task),
        Epoch: 1,
        FirstOffset: 0,
        NextOffset: 1,
        [new TopicAppend(Copies, Batch.Of($"{task}"))],
        [new TableWrite(Counts, [[TableValue.From(0), TableValue.From(1)], [TableValue.From(task + 1), TableValue.From(10)]])],
        DeadLetters: 0);
}
