using Microsoft.Data.Sqlite;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Pipeline.Storage.Sqlite.Files;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>Which files a store opens, and how it leaves those that it does not.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory["store.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_new_and_an_empty_file_become_a_store()
    {
        await using (await OpenAsync())
        {
        }

        var empty = _directory["empty.db"];
        await File.WriteAllBytesAsync(empty, []);
        await using (await SqliteStore.OpenAsync(new() { Path = empty }))
        {
        }

        foreach (var path in new[] { Path, empty })
        {
            Assert.Equal(["1330663500"], SqliteShell.Query(path, "PRAGMA application_id"));
            Assert.Equal([$"{Schema.Version}"], SqliteShell.Query(path, "PRAGMA user_version"));
            Assert.Equal(["32768"], SqliteShell.Query(path, "PRAGMA page_size"));
        }
    }

    [Fact]
    public async Task A_closed_store_is_one_file_and_its_lock()
    {
        await using (var store = await OpenAsync())
        {
            await store.CreateTopicAsync("orders", new TopicSettings());
        }

        Assert.Equal(["store.db", "store.db.lock"], Directory.GetFiles(_directory.Path).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_as_it_was()
    {
        await using (await OpenAsync())
        {
        }

        SqliteShell.Execute(Path, "PRAGMA user_version = 99");

        var refused = await AssertRefusedAsync<StoreUnusableException>();

        Assert.Contains("newer version", refused.Message);
        Assert.Contains("schema 99", refused.Message);
    }

    [Fact]
    public async Task A_newer_version_that_lies_in_the_write_ahead_log_alone_is_refused_too()
    {
        var made = _directory["made.db"];
        await using (await SqliteStore.OpenAsync(new() { Path = made }))
        {
        }

        using (var shell = SqliteShell.Open(made, SqliteOpenMode.ReadWrite))
        {
            using var command = shell.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
            File.Copy(made, Path);
            File.Copy(made + "-wal", Path + "-wal");
        }

        Assert.Contains("newer version", (await AssertRefusedAsync<StoreUnusableException>()).Message);
    }

    [Theory]
    [InlineData("This is a text, not a database.")]
    [InlineData("x")]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_was(string text)
    {
        await File.WriteAllTextAsync(Path, text);
        Assert.Contains("is not a SQLite database", (await AssertRefusedAsync<StoreUnusableException>()).Message);

        await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat(text, 10_000)));
        Assert.Contains("is not a SQLite database", (await AssertRefusedAsync<StoreUnusableException>()).Message);
    }

    [Theory]
    [InlineData("CREATE TABLE invoices (id INTEGER PRIMARY KEY)")]
    [InlineData("PRAGMA application_id = 12345; CREATE TABLE invoices (id INTEGER PRIMARY KEY)")]
    [InlineData("PRAGMA user_version = 7")]
    [InlineData("PRAGMA journal_mode = WAL; CREATE TABLE invoices (id INTEGER PRIMARY KEY)")]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_was(string sql)
    {
        SqliteShell.Execute(Path, sql);
        Assert.Contains("of another program", (await AssertRefusedAsync<StoreUnusableException>()).Message);
    }

    [Theory]
    [InlineData("with space.db")]
    [InlineData("100%20#1?mode=memory&x.db")]
    [InlineData("名前é.db")]
    public async Task A_file_may_have_any_name(string name)
    {
        var settings = new SqliteStoreSettings { Path = _directory[name] };
        for (var opening = 0; opening < 2; opening++)
        {
            await using var store = await SqliteStore.OpenAsync(settings);
            await store.CreateTopicAsync($"topic-{opening}", new TopicSettings());
            Assert.Equal(opening + 1, (await store.ListTopicsAsync()).Count);
        }

        Assert.True(File.Exists(settings.Path));
    }

    [Fact]
    public async Task A_missing_directory_is_refused_and_not_made()
    {
        var directory = _directory["missing"];
        var refused = await Assert.ThrowsAsync<StoreUnusableException>(
            () => SqliteStore.OpenAsync(new() { Path = System.IO.Path.Combine(directory, "store.db") }).AsTask());

        Assert.Contains("does not exist", refused.Message);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_directory_is_refused()
    {
        Directory.CreateDirectory(Path);
        await Assert.ThrowsAsync<StoreUnusableException>(() => OpenAsync().AsTask());
    }

    [Fact]
    public async Task A_second_store_on_an_open_file_is_refused_with_the_process_that_has_it()
    {
        await using (var first = await OpenAsync())
        {
            var refused = await Assert.ThrowsAsync<StoreUnusableException>(() => OpenAsync().AsTask());

            Assert.Contains(Path, refused.Message);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message);
            await first.CreateTopicAsync("orders", new TopicSettings());
        }

        await using var second = await OpenAsync();
        Assert.Single(await second.ListTopicsAsync());
    }

    [Fact]
    public async Task Another_program_reads_the_file_while_the_store_is_open()
    {
        await using var store = await OpenAsync();
        await store.CreateTopicAsync("orders", new TopicSettings());

        Assert.Equal(["orders"], SqliteShell.Query(Path, "SELECT name FROM pipeline_topics"));
    }

    [Fact]
    public async Task A_setting_out_of_range_is_refused_before_a_file_is_made()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => SqliteStore.OpenAsync(new() { Path = Path, PageBytes = 1000 }).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => SqliteStore.OpenAsync(new() { Path = Path, Readers = 0 }).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => SqliteStore.OpenAsync(new() { Path = " " }).AsTask());
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [MountFact]
    public async Task A_file_that_may_not_be_written_is_refused_and_left_as_it_was()
    {
        await using (await OpenAsync())
        {
        }

        using var readOnly = Mount.ReadOnlyFile(Path);
        Assert.Contains("cannot be written", (await AssertRefusedAsync<StoreUnusableException>()).Message);
    }

    [MountFact]
    public async Task A_directory_that_may_not_be_written_is_refused()
    {
        using var disk = Mount.TinyDisk(_directory["disk"], megabytes: 1);
        disk.MakeReadOnly();

        var refused = await Assert.ThrowsAsync<StoreUnusableException>(
            () => SqliteStore.OpenAsync(new() { Path = System.IO.Path.Combine(disk.Path, "store.db") }).AsTask());

        Assert.Contains("read-only", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [MountFact]
    public async Task A_full_disk_is_named_and_an_existing_file_on_it_left_as_it_was()
    {
        using var disk = Mount.TinyDisk(_directory["disk"], megabytes: 2);
        var path = System.IO.Path.Combine(disk.Path, "store.db");
        await using (await SqliteStore.OpenAsync(new() { Path = path }))
        {
        }

        disk.Fill();
        var before = await File.ReadAllBytesAsync(path);

        var existing = await Assert.ThrowsAsync<StoreUnavailableException>(() => SqliteStore.OpenAsync(new() { Path = path }).AsTask());
        var created =
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SqliteStore.OpenAsync(new() { Path = path + ".new" }).AsTask());

        Assert.Contains("is full", existing.Message);
        Assert.Contains("is full", created.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));
        disk.Free();
        await using var store = await SqliteStore.OpenAsync(new() { Path = path });
        await using var other = await SqliteStore.OpenAsync(new() { Path = path + ".new" });
    }

    private ValueTask<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(new() { Path = Path });

    private async Task<TException> AssertRefusedAsync<TException>()
        where TException : Exception
    {
        var before = Snapshot();
        var refused = await Assert.ThrowsAsync<TException>(() => OpenAsync().AsTask());
        Assert.Equal(before, Snapshot());
        Assert.Contains(Path, refused.Message);
        return refused;
    }

    /// <summary>The database's file and write-ahead log, byte for byte.</summary>
    private List<string> Snapshot() =>
        [.. new[] { Path, Path + "-wal" }.Where(File.Exists).Select(path => $"{path}: {Convert.ToHexString(File.ReadAllBytes(path))}")];
}
