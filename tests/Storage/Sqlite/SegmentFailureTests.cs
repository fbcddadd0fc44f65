using Microsoft.Win32.SafeHandles;
using Orleans.Pipeline.Storage.Sqlite.Segments;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>A disk that fills up, or a process that dies, between the two writes of a transaction.</summary>
public sealed class SegmentFailureTests : SegmentTest
{
    [MountFact]
    public async Task A_disk_that_is_full_for_the_segment_is_an_outage_and_ends_by_itself()
    {
        using var disk = Mount.TinyDisk(Directory["disk"], megabytes: 8);
        var settings = Settings with { Path = Path.Combine(disk.Path, "store.db"), SegmentBytes = BatchBytes * 4 };
        await using (var store = await StartAsync(settings, batches: 3))
        {
            disk.Fill();
            var together = Enumerable.Range(3, 3).Select(number => store.AppendAsync(Orders0, Large(number)).AsTask()).ToList();
            foreach (var append in together)
            {
                var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => append);
                Assert.Contains("is full", refused.Message, StringComparison.Ordinal);
            }

            Assert.Equal(3, await CheckAsync(store, Orders0));
            Assert.Equal(3 * StoredBytes, new FileInfo(FilesOf(settings.Path).Single()).Length);
            disk.Free();
            await AppendAsync(store, Orders0, batches: 3);
        }

        await using var reopened = await OpenAsync(settings);
        Assert.Equal(6, await CheckAsync(reopened, Orders0));
    }

    [MountFact]
    public async Task A_disk_that_fills_up_between_the_segment_and_the_commit_leaves_neither_row_nor_bytes()
    {
        using var disk = Mount.TinyDisk(Directory["disk"], megabytes: 8);
        var isFilling = false;
        var settings = Settings with { Path = Path.Combine(disk.Path, "store.db"), SegmentBytes = 1 << 20, SyncSegment = SyncAndFill };
        await using (var store = await StartAsync(settings, batches: 1))
        {
            isFilling = true;
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(Orders0, Numbered(1)).AsTask());
            Assert.Contains("is full", refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, await CheckAsync(store, Orders0));
            Assert.Equal(StoredBytes, new FileInfo(FilesOf(settings.Path).Single()).Length);

            isFilling = false;
            disk.Free();
            await AppendAsync(store, Orders0, batches: 2);
        }

        await using var reopened = await OpenAsync(settings);
        Assert.Equal(3, await CheckAsync(reopened, Orders0));

        void SyncAndFill(SafeFileHandle file)
        {
            RandomAccess.FlushToDisk(file);
            if (isFilling)
            {
                disk.Fill();
            }
        }
    }

    [Fact]
    public async Task A_request_that_breaks_its_transaction_costs_the_large_batches_beside_it_nothing()
    {
        var task = new TaskId("shop", "count", 0);
        var rows = new TableSchema("rows", TableMode.Insert, [new("text", TableType.Text, false)]);
        await using var store = await StartAsync(Settings, batches: 0);
        await store.PrepareTableAsync(rows);
        await store.TakeOverAsync(task, Orders0, 0);

        var before = Enumerable.Range(0, 4).Select(number => store.AppendAsync(Orders0, Numbered(number)).AsTask()).ToList();
        var broken = store.CommitAsync(new Commit(task, 1, 0, 1, [], [new(rows, [null!])], 0)).AsTask();
        var after = Enumerable.Range(4, 4).Select(number => store.AppendAsync(Orders0, Numbered(number)).AsTask()).ToList();

        await Assert.ThrowsAsync<NullReferenceException>(() => broken);
        await Task.WhenAll([.. before, .. after]).WaitAsync(Hang);
        Assert.Equal(8, await CheckAsync(store, Orders0));
    }

    /// <summary>
    /// At each sync of a segment, keeps what a machine that loses its power then has on its disk: the database, and of the segments only
    /// the bytes synced before.
    /// </summary>
    [Fact]
    public async Task A_machine_that_stops_before_a_sync_of_a_segment_opens_with_all_that_was_acknowledged()
    {
        var acknowledged = 0;
        var crashes = new List<(string Path, int Acknowledged)>();
        var synced = new Dictionary<string, long>();
        var settings = Settings;
        await using (var store = await StartAsync(settings with { SyncSegment = Sync }, batches: 0))
        {
            for (; acknowledged < 10; acknowledged++)
            {
                await store.AppendAsync(Orders0, Numbered(acknowledged));
            }

            KeepCrash();
        }

        Assert.Equal(11, crashes.Count);
        foreach (var crash in crashes)
        {
            await using var restarted = await OpenAsync(settings with { Path = crash.Path });
            Assert.Equal(crash.Acknowledged, await CheckAsync(restarted, Orders0));
            await AppendAsync(restarted, Orders0, batches: 3);
            await CheckAsync(restarted, Orders0);
        }

        void Sync(SafeFileHandle handle)
        {
            KeepCrash();
            synced[FilesOf(settings.Path)[^1]] = RandomAccess.GetLength(handle);
        }

        void KeepCrash()
        {
            var path = Directory[$"crash-{crashes.Count}.db"];
            CopyDatabase(settings.Path, path);
            CopyFolder(settings.Path, path);
            foreach (var file in FilesOf(settings.Path))
            {
                using var copy = new FileStream(Path.Combine(FolderOf(path), Path.GetFileName(file)), FileMode.Open);
                copy.SetLength(synced.GetValueOrDefault(file));
            }

            crashes.Add((path, acknowledged));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_of_a_commit_in_doubt_are_never_overwritten_and_those_of_a_failed_one_are(bool isInDoubt)
    {
        var folder = new SegmentFolder(Directory["store.db"]);
        using var appender = new SegmentAppender(folder, maximumBytes: 1000, RandomAccess.FlushToDisk);
        appender.Begin(7);
        appender.Append("first"u8.ToArray());
        appender.Write();
        appender.Publish();
        appender.Append("second"u8.ToArray());
        appender.Write();

        appender.Revert(isInDoubt);

        Assert.Equal(isInDoubt ? "firstsecond" : "first", File.ReadAllText(folder.PathOf(7)));
        Assert.Equal(isInDoubt ? null : 7, appender.Number);
    }

    private static RecordBatch Large(int number) => Batch.Of(number + new string('x', BatchBytes * 5));
}
