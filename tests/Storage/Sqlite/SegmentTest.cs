using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Storage.Tests.Sqlite;

/// <summary>A test of a store whose large batches are in segment files.</summary>
public abstract class SegmentTest : IDisposable
{
    protected const int BatchBytes = 20_000;

    protected static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);
    protected static readonly TopicPartition Orders0 = new("orders", 0);

    protected TemporaryDirectory Directory { get; } = new();

    /// <summary>Three batches fill a segment.</summary>
    protected SqliteStoreSettings Settings => new()
    {
        Path = Directory["store.db"],
        SegmentGroupBytes = BatchBytes,
        SegmentBytes = (BatchBytes * 5) / 2,
    };

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static string FolderOf(string database) => database + "-log";

    /// <summary>The segment files of a store, by age.</summary>
    protected static List<string> FilesOf(string database) => System.IO.Directory.Exists(FolderOf(database))
        ? [.. System.IO.Directory.GetFiles(FolderOf(database)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The size of a batch that <see cref="Numbered"/> makes for a number of one digit.</summary>
    protected static int StoredBytes { get; } = Numbered(0).Bytes.Length;

    protected static RecordBatch Numbered(int number) => Batch.Of(number + new string('x', BatchBytes));

    protected async Task<SqliteStore> OpenAsync(SqliteStoreSettings settings) => await SqliteStore.OpenAsync(settings, Clock);

    /// <summary>Opens a store with a topic of one partition, and appends batches of one record each.</summary>
    protected async Task<SqliteStore> StartAsync(SqliteStoreSettings settings, int batches)
    {
        var store = await OpenAsync(settings);
        await store.CreateTopicAsync(Orders0.Topic, new TopicSettings { Partitions = 1, RetentionAge = TimeSpan.FromHours(1) });
        await AppendAsync(store, Orders0, batches);
        return store;
    }

    protected static async Task AppendAsync(SqliteStore store, TopicPartition partition, int batches)
    {
        var first = (int)(await store.GetBoundsAsync(partition)).End;
        for (var number = first; number < first + batches; number++)
        {
            await store.AppendAsync(partition, Numbered(number));
        }
    }

    /// <summary>Reads a partition from its start, and checks that each record is the one that was appended there.</summary>
    /// <returns>The number of records.</returns>
    protected static async Task<int> CheckAsync(SqliteStore store, TopicPartition partition)
    {
        var bounds = await store.GetBoundsAsync(partition);
        var count = 0;
        for (var offset = bounds.Start; offset < bounds.End;)
        {
            foreach (var batch in await store.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero))
            {
                Assert.Equal(offset, batch.BaseOffset);
                Assert.StartsWith($"{offset}x", Batch.Values(batch).Single(), StringComparison.Ordinal);
                offset = batch.NextOffset;
                count++;
            }
        }

        return count;
    }

    /// <summary>Copies a database whose writer stands still, with its write-ahead log and without its folder.</summary>
    protected static void CopyDatabase(string from, string to)
    {
        foreach (var suffix in new[] { "", "-wal" }.Where(suffix => File.Exists(from + suffix)))
        {
            File.Copy(from + suffix, to + suffix);
        }
    }

    protected static void CopyFolder(string from, string to)
    {
        System.IO.Directory.CreateDirectory(FolderOf(to));
        foreach (var file in FilesOf(from))
        {
            File.Copy(file, Path.Combine(FolderOf(to), Path.GetFileName(file)));
        }
    }
}
