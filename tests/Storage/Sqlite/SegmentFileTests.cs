namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>Which batches are in segment files, and what opening makes of files that a crash or a copy left.</summary>
public sealed class SegmentFileTests : SegmentTest
{
    [Fact]
    public async Task Large_batches_are_in_segments_and_small_ones_in_the_database()
    {
        await using (var store = await StartAsync(Settings, batches: 4))
        {
            await store.AppendAsync(Orders0, Batch.Of("small"));
            Assert.Equal("small", Batch.Values((await store.ReadAsync(Orders0, 4, 1, TimeSpan.Zero)).Single()).Single());
        }

        Assert.Equal(
            ["0|1|0|0", $"1|1|{StoredBytes}|0", $"2|1|{2 * StoredBytes}|0", "3|2|0|0", "4|null|null|73"],
            SqliteShell.Query(Settings.Path, "SELECT position, segment, segment_position, length(batch) FROM pipeline_batches"));
        Assert.Equal(["0000000001.segment", "0000000002.segment"], FilesOf(Settings.Path).Select(Path.GetFileName));
        await using var reopened = await OpenAsync(Settings);
        Assert.Equal(5, (await reopened.ReadAsync(Orders0, 0, int.MaxValue, TimeSpan.Zero)).Count);
    }

    [Fact]
    public async Task Many_small_batches_at_once_are_in_a_segment_but_for_those_that_are_hardly_larger_than_a_row()
    {
        await using var store = await StartAsync(Settings with { SegmentGroupBytes = 5_000 }, batches: 0);
        var output = new TopicPartition("orders", 0);
        await store.TakeOverAsync(new("shop", "count", 0), Orders0, 0);
        TopicAppend[] appends = [new(output, Batch.OfBytes(3_000)), new(output, Batch.OfBytes(3_000)), new(output, Batch.Of("a"))];
        await store.CommitAsync(new Commit(new("shop", "count", 0), 1, 0, 1, appends, [], 0));

        Assert.Equal(
            ["0|1", "1|1", "2|null"], SqliteShell.Query(Settings.Path, "SELECT position, segment FROM pipeline_batches"));
    }

    [Fact]
    public async Task What_is_beyond_the_committed_end_is_cut_off_and_appends_continue_there()
    {
        await (await StartAsync(Settings, batches: 1)).DisposeAsync();
        var file = FilesOf(Settings.Path).Single();
        var committed = new FileInfo(file).Length;
        await File.AppendAllTextAsync(file, "torn");

        await using (var store = await OpenAsync(Settings))
        {
            Assert.Equal(committed, new FileInfo(file).Length);
            await AppendAsync(store, Orders0, batches: 1);
            Assert.Equal(2, await CheckAsync(store, Orders0));
        }

        Assert.Equal([file], FilesOf(Settings.Path));
    }

    [Fact]
    public async Task A_file_without_a_row_is_removed_and_a_strange_one_left()
    {
        await (await StartAsync(Settings, batches: 1)).DisposeAsync();
        var unknown = Path.Combine(FolderOf(Settings.Path), "0000000002.segment");
        var strange = Path.Combine(FolderOf(Settings.Path), "notes.segment");
        await File.WriteAllTextAsync(unknown, "not committed");
        await File.WriteAllTextAsync(strange, "somebody's");

        await using var store = await OpenAsync(Settings);

        Assert.False(File.Exists(unknown));
        Assert.True(File.Exists(strange));
        await AppendAsync(store, Orders0, batches: 5);
        Assert.Equal(6, await CheckAsync(store, Orders0));
    }

    [Fact]
    public async Task A_row_without_its_segment_is_refused_before_anything_changed()
    {
        await (await StartAsync(Settings, batches: 4)).DisposeAsync();
        var files = FilesOf(Settings.Path);
        await File.AppendAllTextAsync(files[0], "torn");
        File.Delete(files[1]);

        var refused = await AssertRefusedAsync(Settings.Path);

        Assert.Contains($"'{files[1]}' is missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_is_shorter_than_committed_is_refused_with_both_lengths()
    {
        await (await StartAsync(Settings, batches: 4)).DisposeAsync();
        var file = FilesOf(Settings.Path)[0];
        Truncate(file, new FileInfo(file).Length - 1);

        var refused = await AssertRefusedAsync(Settings.Path);

        Assert.Contains($"'{file}' has {(3 * StoredBytes) - 1:N0} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"refers to {3 * StoredBytes:N0}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segments_beside_a_database_that_cannot_know_them_are_refused_and_kept()
    {
        await (await StartAsync(Settings, batches: 1)).DisposeAsync();
        File.Delete(Settings.Path);

        var refused = await AssertRefusedAsync(Settings.Path);

        Assert.Contains("knows none", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings.Path));
    }

    [Fact]
    public async Task A_copy_of_the_database_first_and_then_the_folder_has_all_that_the_database_had()
    {
        await using var store = await StartAsync(Settings, batches: 4);
        var copy = Directory["copy.db"];
        SqliteShell.Execute(Settings.Path, $"VACUUM INTO '{copy}'");
        await AppendAsync(store, Orders0, batches: 5);
        CopyFolder(Settings.Path, copy);

        await using var copied = await OpenAsync(Settings with { Path = copy });

        Assert.Equal(4, await CheckAsync(copied, Orders0));
        Assert.Equal(2, FilesOf(copy).Count);
        await AppendAsync(copied, Orders0, batches: 3);
        Assert.Equal(7, await CheckAsync(copied, Orders0));
        Assert.Equal(9, await CheckAsync(store, Orders0));
    }

    [Fact]
    public async Task A_copy_of_the_folder_first_is_refused_if_the_database_has_gone_on()
    {
        await using var store = await StartAsync(Settings, batches: 4);
        var copy = Directory["copy.db"];
        CopyFolder(Settings.Path, copy);
        await AppendAsync(store, Orders0, batches: 1);
        SqliteShell.Execute(Settings.Path, $"VACUUM INTO '{copy}'");

        var refused = await AssertRefusedAsync(copy);

        Assert.Contains("take the copy again: the database first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_is_refused_if_retention_removed_a_segment_between_the_database_and_the_folder()
    {
        await using var store = await StartAsync(Settings, batches: 4);
        var copy = Directory["copy.db"];
        SqliteShell.Execute(Settings.Path, $"VACUUM INTO '{copy}'");
        await store.TrimAsync(Clock.GetUtcNow().AddHours(2));
        CopyFolder(Settings.Path, copy);

        var refused = await AssertRefusedAsync(copy);

        Assert.Contains("0000000001.segment' is missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("take the copy again", refused.Message, StringComparison.Ordinal);
    }

    private static void Truncate(string file, long bytes)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.SetLength(bytes);
    }

    private async Task<StoreUnusableException> AssertRefusedAsync(string database)
    {
        var before = Snapshot(database);
        var refused = await Assert.ThrowsAsync<StoreUnusableException>(() => OpenAsync(Settings with { Path = database }));
        Assert.Equal(before, Snapshot(database));
        return refused;
    }

    private static List<string> Snapshot(string database) =>
    [
        .. new[] { database, database + "-wal" }.Where(path => File.Exists(path) && new FileInfo(path).Length > 0)
            .Concat(FilesOf(database)).Select(path => $"{path}: {Convert.ToHexString(File.ReadAllBytes(path))}"),
    ];
}
