using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>How segments give their disk back, and what reads and backups see meanwhile.</summary>
public sealed class SegmentRetentionTests : SegmentTest
{
    private static readonly TopicPartition Kept0 = new("kept", 0);

    [Fact]
    public async Task Segments_whose_batches_are_all_removed_go_and_the_size_with_them()
    {
        await using var store = await StartAsync(Settings, batches: 10);
        await store.TrimAsync(Clock.GetUtcNow().AddHours(2));

        Assert.Equal(["0000000004.segment"], FilesOf(Settings.Path).Select(Path.GetFileName));
        Assert.Equal(
            FilesOf(Settings.Path).Append(Settings.Path).Append(Settings.Path + "-wal").Sum(file => new FileInfo(file).Length),
            await store.GetSizeAsync());
        await AppendAsync(store, Orders0, batches: 4);
        Assert.Equal(4, await CheckAsync(store, Orders0));
    }

    [Fact]
    public async Task The_segments_of_a_deleted_topic_go()
    {
        await using (var store = await StartAsync(Settings, batches: 9))
        {
            await store.CreateTopicAsync(Kept0.Topic, new TopicSettings { Partitions = 1 });
            await AppendAsync(store, Kept0, batches: 1);
            await store.DeleteTopicAsync(Orders0.Topic);
            Assert.Single(FilesOf(Settings.Path));
        }

        await using var reopened = await OpenAsync(Settings);
        Assert.Equal(1, await CheckAsync(reopened, Kept0));
    }

    [Fact]
    public async Task A_number_is_not_used_again_after_its_segment_went()
    {
        await using (var store = await StartAsync(Settings, batches: 3))
        {
            await store.DeleteTopicAsync(Orders0.Topic);
        }

        await using (var reopened = await OpenAsync(Settings))
        {
            await reopened.TrimAsync(Clock.GetUtcNow());
            Assert.Empty(FilesOf(Settings.Path));
        }

        await (await StartAsync(Settings, batches: 1)).DisposeAsync();
        Assert.Equal(["0000000002.segment"], FilesOf(Settings.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_live_batches_of_a_sparse_segment_move_once_and_stay_readable()
    {
        await using (var store = await StartMixedAsync(rounds: 6))
        {
            await AppendAsync(store, Orders0, batches: 1);
            await store.TrimAsync(Clock.GetUtcNow().AddHours(2));
            Assert.Equal(2, FilesOf(Settings.Path).Count);
            var moved = Places();
            await AppendAsync(store, Orders0, batches: 4);
            await store.TrimAsync(Clock.GetUtcNow().AddHours(2));
            Assert.Equal(moved, Places());
        }

        await using var reopened = await OpenAsync(Settings);
        Assert.Equal(6, await CheckAsync(reopened, Kept0));
        Assert.Equal(0, await CheckAsync(reopened, Orders0));

        List<string> Places() => [.. SqliteShell.Query(
            Settings.Path, "SELECT position, segment, segment_position FROM pipeline_batches WHERE position >> 43 = 1")];
    }

    [Fact]
    public async Task Readers_at_work_while_segments_are_moved_and_removed_see_every_record_that_is_kept()
    {
        var settings = Settings with { Readers = 2 };
        await using var store = await StartMixedAsync(rounds: 4);
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var rounds = 0;
            for (; !enough.IsCancellationRequested; rounds++)
            {
                var before = (await store.GetBoundsAsync(Kept0)).End;
                Assert.True(await CheckAsync(store, Kept0) >= before);
            }

            return rounds;
        })).ToList();

        for (var round = 0; round < 30; round++)
        {
            await AppendMixedAsync(store, rounds: 1);
            await store.TrimAsync(Clock.GetUtcNow().AddHours(2));
        }

        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(readers).WaitAsync(Hang), rounds => Assert.True(rounds > 0));
        Assert.Equal(34, await CheckAsync(store, Kept0));
    }

    [Fact]
    public async Task A_backup_is_one_file_and_whole_though_segments_are_moved_and_removed_meanwhile()
    {
        var bounds = new List<(long Before, long After)>();
        await using (var store = await StartMixedAsync(rounds: 150))
        {
            for (var round = 0; round < 3; round++)
            {
                var before = (await store.GetBoundsAsync(Kept0)).End;
                var backup = store.BackupAsync(Directory[$"backup-{round}.db"]);
                do
                {
                    await AppendMixedAsync(store, rounds: 1);
                    await store.TrimAsync(Clock.GetUtcNow().AddHours(2));
                }
                while (!backup.IsCompleted);

                await backup;
                bounds.Add((before, (await store.GetBoundsAsync(Kept0)).End));
            }

            Assert.True(FilesOf(Settings.Path).Count < 150, "The files that a backup held are left.");
        }

        for (var round = 0; round < bounds.Count; round++)
        {
            var settings = Settings with { Path = Directory[$"backup-{round}.db"] };
            Assert.False(System.IO.Directory.Exists(FolderOf(settings.Path)));
            await using var restored = await OpenAsync(settings);
            Assert.InRange(await CheckAsync(restored, Kept0), bounds[round].Before, bounds[round].After);
            await CheckAsync(restored, Orders0);
            await AppendMixedAsync(restored, rounds: 2);
            await CheckAsync(restored, Kept0);
        }
    }

    [Fact]
    public void A_removed_segment_stays_on_the_disk_until_the_last_backup_that_needs_it_is_done()
    {
        var folder = new SegmentFolder(Settings.Path);
        System.IO.Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.PathOf(7), "batches");
        using var files = new SegmentFiles(folder, NullLogger.Instance);
        var (first, second) = (files.Hold(), files.Hold());
        files.Remove(7);
        first.Dispose();
        first.Dispose();
        Assert.True(File.Exists(folder.PathOf(7)));

        second.Dispose();

        Assert.False(File.Exists(folder.PathOf(7)));
    }

    [Fact]
    public async Task A_segment_that_is_lost_while_the_store_is_open_is_named_to_the_reader()
    {
        await using var store = await StartAsync(Settings, batches: 4);
        var lost = FilesOf(Settings.Path)[0];
        File.Delete(lost);

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.ReadAsync(Orders0, 0, 1, TimeSpan.Zero).AsTask().WaitAsync(Hang));

        Assert.Contains(lost, unavailable.Message, StringComparison.Ordinal);
        Assert.Single(await store.ReadAsync(Orders0, 3, 1, TimeSpan.Zero));
    }

    private async Task<SqliteStore> StartMixedAsync(int rounds)
    {
        var store = await StartAsync(Settings, batches: 0);
        await store.CreateTopicAsync(Kept0.Topic, new TopicSettings { Partitions = 1 });
        await AppendMixedAsync(store, rounds);
        return store;
    }

    /// <summary>Appends segments of two batches that retention removes and one that it keeps.</summary>
    private static async Task AppendMixedAsync(SqliteStore store, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await AppendAsync(store, Orders0, batches: 1);
            await AppendAsync(store, Kept0, batches: 1);
            await AppendAsync(store, Orders0, batches: 1);
        }
    }
}
