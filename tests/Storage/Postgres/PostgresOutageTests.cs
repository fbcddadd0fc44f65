using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Postgres;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>A server that crashes, or cuts connections, under load. Each test has a server of its own.</summary>
[RequiresPostgres(OwnServer = true)]
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TopicName Orders = "orders";
    private static readonly TopicName Output = "output";
    private static readonly TopicPartition Orders0 = new(Orders, 0);
    private static readonly TaskId Task0 = new("shop", "count", 0);
    private static readonly TableSchema Counts = new(
        "counts", TableMode.Add, [new("id", TableType.Integer, true), new("sum", TableType.Integer, false)]);

    private readonly CollectingLogger<PostgresStore> _log = new();
    private PostgresServer? _server;
    private string _connectionString = "";

    private PostgresStoreSettings Settings => new() { ConnectionString = _connectionString, Appenders = 4, Connections = 8 };

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _connectionString = await _server.TakeDatabaseAsync();
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [StoreFact]
    public async Task A_server_that_takes_no_writes_is_noticed_though_it_answers_reads()
    {
        await using var store = await PostgresStore.OpenAsync(Settings, null, _log);
        await store.CreateTopicAsync(Orders, new TopicSettings());
        await store.CheckWritesAsync();
        var database = await PostgresServer.QueryAsync<string>(_connectionString, "SELECT current_database()::text");

        await SetAsync($"ALTER DATABASE \"{database}\" SET default_transaction_read_only = on");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CheckWritesAsync().AsTask());
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CheckWritesAsync().AsTask());
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
        Assert.Single(await store.ListTopicsAsync());

        await SetAsync($"ALTER DATABASE \"{database}\" RESET default_transaction_read_only");
        await Xunit.Record.ExceptionAsync(() => store.CheckWritesAsync().AsTask()); // which may get a connection that was cut off
        await store.CheckWritesAsync();

        // What a session has as a default when it begins, it keeps: so all begin anew.
        Task SetAsync(string change) => PostgresServer.ExecuteAsync(
            _connectionString,
            $"""
            BEGIN READ WRITE; {change}; COMMIT;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
            """);
    }

    [StoreFact]
    public async Task A_server_that_crashes_twice_under_load_loses_and_doubles_nothing_and_waiting_readers_go_on()
    {
        const int Records = 120;
        const int Partitions = 4;
        await using var store = await PostgresStore.OpenAsync(Settings, null, _log);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = Partitions });
        await store.CreateTopicAsync(Output, new TopicSettings { Partitions = Partitions });
        await store.PrepareTableAsync(Counts);
        var server = new Outages(_server!);
        var appended = new Milestones();

        var working = Task.WhenAll(Enumerable.Range(0, Partitions).SelectMany(partition => new[]
        {
            Task.Run(() => AppendAsync(store, server, partition, Records, appended)),
            Task.Run(() => ProcessAsync(store, server, partition, Records)),
        }));
        foreach (var milestone in new[] { Records * Partitions / 4, Records * Partitions / 2 })
        {
            await Task.WhenAny(appended.ReachAsync(milestone), working).WaitAsync(Hang);
            await server.CrashAndStartAsync();
        }

        await working.WaitAsync(Hang);

        for (var partition = 0; partition < Partitions; partition++)
        {
            var expected = Enumerable.Range(0, Records).Select(index => $"{index}").ToList();
            Assert.Equal(expected, await ReadAllAsync(store, new(Orders, partition)));
            Assert.Equal(expected, await ReadAllAsync(store, new(Output, partition)));
            Assert.Equal(
                Records, await PostgresServer.QueryAsync<long>(_connectionString, $"SELECT sum FROM counts WHERE id = {partition}"));
        }

        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Error && entry.Id.Id == 1);
        Assert.Contains(_log.Entries, entry => entry.Id.Id == 2);
        Assert.DoesNotContain(_log.Entries, entry => entry.Text.Contains(PostgresServer.Password, StringComparison.Ordinal));
    }

    [StoreFact]
    public async Task While_the_server_is_away_everything_is_refused_as_unavailable_and_a_waiting_reader_waits()
    {
        await using var store = await PostgresStore.OpenAsync(Settings);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        var reader = store.ReadAsync(Orders0, 0, 1, Timeout.InfiniteTimeSpan).AsTask();
        await store.GetBoundsAsync(Orders0);

        await _server!.CrashAsync();

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(Orders0, Batch.Of("a")).AsTask());
        Assert.Contains("cannot be used for now", refused.Message);
        Assert.DoesNotContain(PostgresServer.Password, refused.ToString());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ListTopicsAsync().AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(Orders0, 0, 1, TimeSpan.Zero).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ListAsync().AsTask());
        Assert.False(reader.IsCompleted);

        await _server.StartAgainAsync();
        await store.AppendAsync(Orders0, Batch.Of("a"));
        Assert.Equal(["a"], Batch.Values((await reader.WaitAsync(Hang)).Single()));
    }

    [StoreFact]
    public async Task A_commit_cut_off_in_the_middle_is_unavailable_leaves_nothing_and_succeeds_when_repeated()
    {
        await using var store = await PostgresStore.OpenAsync(Settings);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
        await store.PrepareTableAsync(Counts);
        await store.AppendAsync(Orders0, Batch.Of("a"));
        await store.TakeOverAsync(Task0, Orders0, 0);
        var commit = new Commit(
            Task0, 1, 0, 1, [new(Orders0, Batch.Of("b"))], [new(Counts, [[TableValue.From(1), TableValue.From(1)]])], 0);
        await PostgresServer.ExecuteAsync(
            _connectionString,
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'; "
            + "CREATE TRIGGER cut AFTER INSERT ON counts EXECUTE FUNCTION cut()");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(commit).AsTask());

        await PostgresServer.ExecuteAsync(_connectionString, "DROP TRIGGER cut ON counts");
        Assert.Equal(0, (await store.ListAsync()).Single().NextOffset);
        await store.CommitAsync(commit);
        await store.CommitAsync(commit);

        Assert.Equal(["a", "b"], await ReadAllAsync(store, Orders0));
        Assert.Equal(1, await PostgresServer.QueryAsync<long>(_connectionString, "SELECT sum FROM counts"));
    }

    [DiskFact]
    public async Task A_full_disk_is_unavailable_and_passes_when_there_is_room_again()
    {
        using var disk = _server!.MountDisk(megabytes: 24);
        await PostgresServer.ExecuteAsync(_connectionString, $"CREATE TABLESPACE small LOCATION '{disk.Path}'");
        await PostgresServer.ExecuteAsync(
            _connectionString, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_tablespace = small'; END $$");
        await using (var store = await PostgresStore.OpenAsync(Settings))
        {
            var producer = await store.OpenProducerAsync(null);
            await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 1 });
            await store.AppendAsync(Orders0, Batch.From(producer.Id, producer.Epoch, 0, "a"));
            disk.Fill();

            var refused =
                await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(Orders0, Batch.OfBytes(1_000_000)).AsTask());
            Assert.Contains("No space left on device", refused.Message);
            disk.Free();
            await store.AppendAsync(Orders0, Batch.From(producer.Id, producer.Epoch, 1, "b"));

            Assert.Equal(["a", "b"], await ReadAllAsync(store, Orders0));
        }

        await _server!.CrashAsync();
    }

    /// <summary>Sends each record, again and again while the server is away, as an idempotent producer.</summary>
    private static async Task AppendAsync(PostgresStore store, Outages server, int partition, int records, Milestones appended)
    {
        var producer = await store.OpenProducerAsync(null);
        for (var sequence = 0; sequence < records; sequence++)
        {
            var result = await server.RetryAsync(
                () => store.AppendAsync(new(Orders, partition), Batch.From(producer.Id, producer.Epoch, sequence, $"{sequence}")).AsTask());
            Assert.Equal(sequence, result.BaseOffset);
            appended.Count();
        }
    }

    /// <summary>
    /// Takes a task over, and copies and counts each record. Takes the task over again if the result of a commit is unknown.
    /// </summary>
    private static async Task ProcessAsync(PostgresStore store, Outages server, int partition, int records)
    {
        var (task, source) = (Task0 with { Partition = partition }, new TopicPartition(Orders, partition));
        var checkpoint = await server.RetryAsync(() => store.TakeOverAsync(task, source, 0).AsTask());
        for (var next = checkpoint.NextOffset; next < records;)
        {
            var batches = await server.RetryAsync(() => store.ReadAsync(source, next, 200, Timeout.InfiniteTimeSpan).AsTask());
            var values = batches.SelectMany(Batch.Values).ToArray();
            var commit = new Commit(
                task, checkpoint.Epoch, next, batches[^1].NextOffset, [new(new(Output, partition), Batch.Of(values))],
                [new(Counts, [[TableValue.From(partition), TableValue.From(values.Length)]])], 0);
            await server.RetryAsync(async () =>
            {
                await store.CommitAsync(commit);
                return true;
            });
            next = commit.NextOffset;
        }
    }

    private static async Task<List<string>> ReadAllAsync(PostgresStore store, TopicPartition partition)
    {
        var values = new List<string>();
        for (var (next, end) = (0L, (await store.GetBoundsAsync(partition)).End); next < end; next = values.Count)
        {
            values.AddRange((await store.ReadAsync(partition, next, 1 << 20, TimeSpan.Zero)).SelectMany(Batch.Values));
        }

        return values;
    }
}
