using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>What is particular to the SQLite store: its life, its bounds, and how its tables look to others.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);
    private static readonly TopicPartition Orders0 = new("orders", 0);

    private readonly TemporaryDirectory _directory = new();

    private SqliteStoreSettings Settings => new() { Path = _directory["store.db"] };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Closing_writes_what_waits_and_refuses_what_comes_later()
    {
        var store = await StartAsync(Settings);
        var appends = Enumerable.Range(0, 200).Select(_ => store.AppendAsync(Orders0, Batch.OfBytes(10_000)).AsTask()).ToList();

        await store.DisposeAsync();
        await store.DisposeAsync();

        var results = await Task.WhenAll(appends).WaitAsync(Hang);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAsync(Orders0, Batch.Of("a")).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadAsync(Orders0, 0, 1, TimeSpan.Zero).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetBoundsAsync(Orders0));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.ListAsync());
        await using var reopened = await SqliteStore.OpenAsync(Settings);
        Assert.Equal(results.Max(result => result.NextOffset), (await reopened.GetBoundsAsync(Orders0)).End);
    }

    [Fact]
    public async Task Records_dated_ahead_by_more_than_the_setting_are_counted_and_warned_of_once_for_a_topic()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var logger = new CollectingLogger<SqliteStore>();
        await using var store = await SqliteStore.OpenAsync(Settings with { MaximumAhead = TimeSpan.FromHours(1) }, clock, logger);
        using var ahead = new AheadRecords();

        await ahead.CheckAsync(store, clock.GetUtcNow(), logger, "sqlite.ahead", "sqlite.ahead.too");
    }

    [Fact]
    public async Task Closing_ends_the_waiting_of_readers()
    {
        var store = await StartAsync(Settings);
        var readers = Enumerable.Range(0, 10).Select(_ => store.ReadAsync(Orders0, 0, 1, Timeout.InfiniteTimeSpan).AsTask()).ToList();

        await store.DisposeAsync();

        foreach (var reader in readers)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.WaitAsync(Hang));
        }
    }

    [Fact]
    public async Task A_cancelled_append_stops_waiting_and_may_still_happen()
    {
        await using var store = await StartAsync(Settings);
        using var cancellation = new CancellationTokenSource();
        var append = store.AppendAsync(Orders0, Batch.From(1, 0, 0, "a"), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        try
        {
            await append.WaitAsync(Hang);
        }
        catch (OperationCanceledException)
        {
            // it was still waiting
        }

        await store.AppendAsync(Orders0, Batch.From(1, 0, 0, "a"));

        Assert.Equal(1, (await store.GetBoundsAsync(Orders0)).End);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendAsync(
            Orders0,
            Batch.Of("b"),
            cancellation.Token).AsTask());
        Assert.Equal(1, (await store.GetBoundsAsync(Orders0)).End);
    }

    [Fact]
    public async Task Callers_beyond_a_full_queue_wait_their_turn()
    {
        await using var store = await StartAsync(Settings with { QueueBytes = 25_000, GroupBytes = 15_000 });
        using var cancellation = new CancellationTokenSource();
        var appends = Enumerable.Range(0, 100)
            .Select(sequence => store.AppendAsync(Orders0, Batch.From(1, 0, sequence, new string('x', 10_000))).AsTask())
            .ToList();
        var cancelled = store.AppendAsync(Orders0, Batch.OfBytes(50_000), cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        var results = await Task.WhenAll(appends).WaitAsync(Hang);

        Assert.Equal(Enumerable.Range(0, 100), results.Select(result => (int)result.BaseOffset));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(100, (await store.AppendAsync(Orders0, Batch.From(1, 0, 100, "after"))).BaseOffset);
    }

    [Fact]
    public async Task More_producers_than_are_cached_keep_their_sequences()
    {
        await using var store = await StartAsync(Settings with { CachedProducers = 2 });
        for (var round = 0; round < 3; round++)
        {
            var appends = new[] { 2 * round, (2 * round) + 1 }.SelectMany(sequence => Enumerable.Range(0, 20)
                .Select(producer => store.AppendAsync(Orders0, Batch.From(producer, 0, sequence, "a")).AsTask()));
            Assert.All(await Task.WhenAll(appends).WaitAsync(Hang), result => Assert.False(result.IsRepeat));
        }

        var repeats = Enumerable.Range(0, 20).Select(producer => store.AppendAsync(Orders0, Batch.From(producer, 0, 5, "a")).AsTask());
        Assert.All(await Task.WhenAll(repeats).WaitAsync(Hang), result => Assert.True(result.IsRepeat));
        Assert.Equal(120, (await store.GetBoundsAsync(Orders0)).End);
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_while_readers_and_writers_are_at_work()
    {
        var settings = Settings with { CheckpointBytes = 1 << 20, WalBytes = 4 << 20, GroupBytes = 1 << 20, SegmentGroupBytes = long.MaxValue };
        await using var store = await StartAsync(settings);
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var count = 0; count < 100; count++)
            {
                var result = await store.AppendAsync(Orders0, Batch.OfBytes(100_000));
                await store.ReadAsync(Orders0, result.BaseOffset, 1, TimeSpan.Zero);
            }
        }));
        await Task.WhenAll(writers).WaitAsync(Hang);

        Assert.InRange(WalBytes(settings), 1, 24 << 20);
    }

    [Fact]
    public async Task A_reader_that_holds_an_old_snapshot_stops_no_append_and_the_write_ahead_log_shrinks_after_it()
    {
        var settings = Settings with { CheckpointBytes = 1 << 20, WalBytes = 4 << 20, GroupBytes = 1 << 20, SegmentGroupBytes = long.MaxValue };
        await using var store = await StartAsync(settings);
        using (var shell = SqliteShell.Open(settings.Path, SqliteOpenMode.ReadOnly))
        using (shell.BeginTransaction(deferred: true))
        {
            using var command = shell.CreateCommand();
            command.CommandText = "SELECT count(*) FROM pipeline_batches";
            command.ExecuteScalar();
            await AppendAsync(store, megabytes: 12);
            Assert.InRange(WalBytes(settings), 12 << 20, 40 << 20);
        }

        await AppendAsync(store, megabytes: 12);
        Assert.InRange(WalBytes(settings), 1, 8 << 20);
    }

    [Fact]
    public async Task Batches_of_a_deleted_topic_that_were_left_are_removed_by_the_next_trim()
    {
        await using (var store = await StartAsync(Settings))
        {
            await store.AppendAsync(Orders0, Batch.OfBytes(10_000));
        }

        SqliteShell.Execute(Settings.Path, "DELETE FROM pipeline_topics; UPDATE pipeline_partitions SET topic = NULL");
        await using var reopened = await SqliteStore.OpenAsync(Settings);
        await reopened.TrimAsync(DateTimeOffset.UtcNow);

        Assert.Equal(
            ["0|0"],
            SqliteShell.Query(Settings.Path, "SELECT (SELECT count(*) FROM pipeline_batches), (SELECT count(*) FROM pipeline_partitions)"));
    }

    [Fact]
    public async Task A_named_producer_that_has_used_up_its_epochs_gets_a_new_id_and_fences_the_old_one()
    {
        ProducerIdentity first;
        await using (var store = await StartAsync(Settings))
        {
            first = await store.OpenProducerAsync("billing");
        }

        SqliteShell.Execute(Settings.Path, $"UPDATE pipeline_producer_ids SET epoch = {short.MaxValue - 2}");
        await using var reopened = await SqliteStore.OpenAsync(Settings);
        var last = await reopened.OpenProducerAsync("billing");
        var next = await reopened.OpenProducerAsync("billing");

        Assert.Equal((first.Id, short.MaxValue - 1), (last.Id, last.Epoch));
        Assert.NotEqual(first.Id, next.Id);
        Assert.Equal(0, next.Epoch);
        await Assert.ThrowsAsync<ProducerFencedException>(() => reopened.AppendAsync(
            Orders0,
            Batch.From(last.Id, last.Epoch, 0, "a")).AsTask());
        Assert.Equal(new ProducerIdentity(next.Id, 1), await reopened.OpenProducerAsync("billing"));
    }

    [Fact]
    public async Task Moments_are_text_in_UTC_that_sorts_by_time_and_truth_values_are_0_and_1()
    {
        var events = new TableSchema(
            "events", TableMode.Insert, [new("moment", TableType.Timestamp, false), new("truth", TableType.Boolean, false)]);
        await using var store = await StartAsync(Settings);
        await store.PrepareTableAsync(events);
        await store.TakeOverAsync(new("shop", "count", 0), Orders0, 0);
        var moment = new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.FromHours(1));
        DateTimeOffset[] moments = [moment, moment.AddMicroseconds(450_000), moment.AddMicroseconds(500_000), moment.AddMicroseconds(500_001), moment.AddSeconds(1)];
        await store.CommitAsync(new Commit(
            new("shop", "count", 0),
            1,
            0,
            1,
            [],
            [new(events, [.. moments.Reverse().Select(each => new[] { TableValue.From(each), TableValue.From(each == moment) })])],
            0));

        Assert.Equal(
            ["2026-01-31 22:59:59|1", "2026-01-31 22:59:59.45|0", "2026-01-31 22:59:59.5|0", "2026-01-31 22:59:59.500001|0", "2026-01-31 23:00:00|0"],
            SqliteShell.Query(Settings.Path, "SELECT moment, truth FROM events ORDER BY moment"));
        Assert.Equal(
            ["1"], SqliteShell.Query(Settings.Path, "SELECT count(*) FROM events WHERE moment = datetime('2026-01-31T23:59:59+01:00')"));
    }

    [Fact]
    public async Task A_sink_table_dropped_by_somebody_refuses_its_commit_and_no_other()
    {
        var latest = new TableSchema("latest", TableMode.Upsert, [new("id", TableType.Integer, true)]);
        await using var store = await StartAsync(Settings);
        await store.PrepareTableAsync(latest);
        var task = new TaskId("shop", "count", 0);
        await store.TakeOverAsync(task, Orders0, 0);
        var commit = new Commit(task, 1, 0, 1, [], [new(latest, [[TableValue.From(1)]])], 0);
        await store.CommitAsync(commit);
        SqliteShell.Execute(Settings.Path, "DROP TABLE latest");

        var failing = store.CommitAsync(commit with { FirstOffset = 1, NextOffset = 2 }).AsTask();
        var append = store.AppendAsync(Orders0, Batch.Of("a")).AsTask();

        await Assert.ThrowsAsync<TableMismatchException>(() => failing);
        await append.WaitAsync(Hang);
        await store.PrepareTableAsync(latest);
        await store.CommitAsync(commit with { FirstOffset = 1, NextOffset = 2 });
    }

    [Fact]
    public async Task A_table_whose_name_is_taken_by_something_else_is_refused()
    {
        await using var store = await StartAsync(Settings);
        SqliteShell.Execute(Settings.Path, "CREATE TABLE other (id); CREATE INDEX latest ON other (id)");

        var refused = await Assert.ThrowsAsync<TableMismatchException>(
            () => store.PrepareTableAsync(new("latest", TableMode.Upsert, [new("id", TableType.Integer, true)])).AsTask());

        Assert.Contains("index", refused.Message);
    }

    [Fact]
    public async Task A_request_that_breaks_the_rules_of_its_type_fails_alone()
    {
        var latest = new TableSchema("latest", TableMode.Upsert, [new("id", TableType.Integer, true)]);
        var task = new TaskId("shop", "count", 0);
        await using var store = await StartAsync(Settings);
        await store.PrepareTableAsync(latest);
        await store.TakeOverAsync(task, Orders0, 0);

        var before = Enumerable.Range(0, 20)
            .Select(sequence => store.AppendAsync(Orders0, Batch.From(1, 0, sequence, "a")).AsTask())
            .ToList();
        var broken = store.CommitAsync(new Commit(task, 1, 0, 1, [], [new(latest, [[TableValue.From(1)], null!])], 0)).AsTask();
        var after = Enumerable.Range(20, 20)
            .Select(sequence => store.AppendAsync(Orders0, Batch.From(1, 0, sequence, "a")).AsTask())
            .ToList();

        await Assert.ThrowsAsync<NullReferenceException>(() => broken);
        var results = await Task.WhenAll([.. before, .. after]).WaitAsync(Hang);
        Assert.Equal(Enumerable.Range(0, 40), results.Select(result => (int)result.BaseOffset));
        Assert.Empty(SqliteShell.Query(Settings.Path, "SELECT id FROM latest"));
    }

    private static long WalBytes(SqliteStoreSettings settings) => new FileInfo(settings.Path + "-wal").Length;

    private static async Task AppendAsync(SqliteStore store, int megabytes)
    {
        for (var count = 0; count < megabytes; count++)
        {
            await store.AppendAsync(Orders0, Batch.OfBytes(1 << 20));
        }
    }

    private static async Task<SqliteStore> StartAsync(SqliteStoreSettings settings)
    {
        var store = await SqliteStore.OpenAsync(settings);
        await store.CreateTopicAsync(Orders0.Topic, new TopicSettings { Partitions = 1 });
        return store;
    }
}
