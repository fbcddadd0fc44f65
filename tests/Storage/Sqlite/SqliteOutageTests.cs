using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>A store whose disk fills up refuses what it cannot keep, keeps what it has, and continues when there is space again.</summary>
public sealed class SqliteOutageTests : IDisposable
{
    private const int BatchBytes = 100_000;

    private static readonly TopicPartition Orders0 = new("orders", 0);

    private readonly TemporaryDirectory _directory = new();
    private readonly CollectingLogger<SqliteStore> _logger = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_file_refuses_appends_and_takes_them_again_after_retention()
    {
        var settings = new SqliteStoreSettings { Path = _directory["store.db"], MaximumPages = 60, SegmentGroupBytes = long.MaxValue };
        await using var store = await StartAsync(settings);

        var accepted = await AppendUntilFullAsync(store);
        Assert.Equal(accepted, (await store.GetBoundsAsync(Orders0)).End);
        await store.TrimAsync(DateTimeOffset.UtcNow.AddDays(2));

        await AssertGoesOnAsync(store, accepted);
    }

    [MountFact]
    public async Task A_full_disk_refuses_appends_and_takes_them_again_when_there_is_space()
    {
        using var disk = Mount.TinyDisk(_directory["disk"], megabytes: 8);
        await using (var store = await StartAsync(new() { Path = Path.Combine(disk.Path, "store.db"), CheckpointBytes = 1 << 20, WalBytes = 2 << 20 }))
        {
            await store.AppendAsync(Orders0, Sequenced(0));
            disk.Fill();
            var accepted = await AppendUntilFullAsync(store, from: 1);
            Assert.NotEmpty(await store.ReadAsync(Orders0, 0, int.MaxValue, TimeSpan.Zero));
            disk.Free();

            await AssertGoesOnAsync(store, accepted);
        }
    }

    [Fact]
    public async Task A_full_file_leaves_a_commit_undone_as_a_whole()
    {
        var settings = new SqliteStoreSettings { Path = _directory["store.db"], MaximumPages = 60, SegmentGroupBytes = long.MaxValue };
        await using (var store = await StartAsync(settings))
        {
            var task = new TaskId("shop", "count", 0);
            var accepted = await AppendUntilFullAsync(store);
            await store.CreateTopicAsync("output", new TopicSettings { Partitions = 1 });
            await store.TakeOverAsync(task, Orders0, 0);
            var output = new TopicPartition("output", 0);
            var commit = new Commit(
                task, 1, 0, accepted, [new(output, Batch.Of("small")), new(output, Batch.OfBytes(BatchBytes * 5))], [], 1);

            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(commit).AsTask());

            Assert.Equal(default, await store.GetBoundsAsync(output));
            Assert.Equal((0, 0), ((await store.ListAsync()).Single().NextOffset, (await store.ListAsync()).Single().DeadLetters));
            await store.CommitAsync(commit with { Appends = [] });
        }

        await using var reopened = await SqliteStore.OpenAsync(settings);
        Assert.Equal(default, await reopened.GetBoundsAsync(new("output", 0)));
        Assert.NotEqual(0, (await reopened.ListAsync()).Single().NextOffset);
    }

    [Fact]
    public async Task Another_programs_write_transaction_holds_writes_up_but_for_a_time()
    {
        var settings = new SqliteStoreSettings { Path = _directory["store.db"], BusyTimeout = TimeSpan.FromMilliseconds(1) };
        await using var store = await StartAsync(settings);
        using (var other = SqliteShell.Open(settings.Path, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        using (other.BeginTransaction())
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(Orders0, Sequenced(0)).AsTask());
            Assert.Contains("Another program", refused.Message);
        }

        await AssertGoesOnAsync(store, 0);
    }

    private static Orleans.Pipeline.RecordBatch Sequenced(int sequence) =>
        Batch.From(1, 0, sequence, new string('x', BatchBytes));

    private async Task<SqliteStore> StartAsync(SqliteStoreSettings settings)
    {
        var store = await SqliteStore.OpenAsync(settings, logger: _logger);
        await store.CreateTopicAsync(Orders0.Topic, new TopicSettings { Partitions = 1, RetentionAge = TimeSpan.FromDays(1) });
        return store;
    }

    /// <summary>Appends until a batch is refused for want of space, then tries in vain twice more.</summary>
    /// <returns>How many were accepted.</returns>
    private static async Task<int> AppendUntilFullAsync(SqliteStore store, int from = 0)
    {
        var sequence = from;
        try
        {
            for (; sequence < 1000; sequence++)
            {
                await store.AppendAsync(Orders0, Sequenced(sequence));
            }

            Assert.Fail("The disk never became full.");
        }
        catch (StoreUnavailableException full)
        {
            Assert.Contains("is full", full.Message);
        }

        var together = Enumerable.Range(sequence, 2).Select(next => store.AppendAsync(Orders0, Sequenced(next)).AsTask()).ToList();
        foreach (var append in together)
        {
            await Assert.ThrowsAnyAsync<PipelineException>(() => append);
        }

        return sequence;
    }

    /// <summary>Continues with the sequences refused before, and expects one log line for the outage and one for its end.</summary>
    private async Task AssertGoesOnAsync(SqliteStore store, int accepted)
    {
        Assert.Equal(new AppendResult(accepted, accepted + 1, false), await store.AppendAsync(Orders0, Sequenced(accepted)));
        Assert.Equal(new AppendResult(accepted + 1, accepted + 2, false), await store.AppendAsync(Orders0, Sequenced(accepted + 1)));
        var read = await store.ReadAsync(Orders0, accepted, int.MaxValue, TimeSpan.Zero);
        Assert.Equal([accepted, accepted + 1], read.Select(batch => (int)batch.BaseOffset));
        Assert.All(read, batch => Assert.Equal(BatchBytes, Batch.Values(batch).Single().Length));
        Assert.Single(_logger.Entries, entry => entry.Id.Id == 1 && entry.Level == LogLevel.Error);
        Assert.Single(_logger.Entries, entry => entry.Id.Id == 2);
    }
}
