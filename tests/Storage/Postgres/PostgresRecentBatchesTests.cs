using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Readers that get from memory what their own process has just appended.</summary>
[RequiresPostgres]
public sealed class PostgresRecentBatchesTests : PostgresTest
{
    [StoreFact]
    public async Task A_reader_that_keeps_up_gets_what_its_own_process_appends_without_the_database_sending_it_back()
    {
        var store = await OpenAtTheEndAsync(Settings);
        await store.AppendAsync(Orders0, Batch.Of("a", "b"));
        await store.AppendAsync(Orders0, Batch.Of("c"));
        await store.TakeOverAsync(new TaskId("copy", "orders", 1), Orders1, 0);
        await store.AppendAsync(Orders1, Batch.Of("d"));
        await store.CommitAsync(new Commit(new TaskId("copy", "orders", 1), 1, 0, 1, [new TopicAppend(Orders0, Batch.Of("d"))], [], 0));

        await HideLogAsync();

        Assert.Equal(["a", "b", "c", "d"], await ReadAllAsync(store, Orders0));
        Assert.Equal([0L], await OffsetsAsync(store, 1, maximumBytes: 1));
        Assert.Equal([2L, 3], await OffsetsAsync(store, 2));
    }

    [StoreFact]
    public async Task The_bytes_of_a_batch_may_be_used_again_once_it_is_appended()
    {
        var store = await OpenAtTheEndAsync(Settings);
        var bytes = Batch.Of("a").Bytes.ToArray();

        await store.AppendAsync(Orders0, RecordBatch.Trust(bytes));
        bytes.AsSpan().Clear();

        Assert.Equal(["a"], await ReadAllAsync(store, Orders0));
    }

    [StoreFact]
    public async Task What_another_process_appends_in_between_is_read_in_its_place()
    {
        var ours = await OpenAtTheEndAsync(Settings);
        var theirs = await OpenAsync();
        string[] expected = [.. Enumerable.Range(0, 40).Select(index => $"{index}")];

        foreach (var (index, value) in expected.Index())
        {
            await (index % 4 == 1 ? theirs : ours).AppendAsync(Orders0, Batch.Of(value));
        }

        Assert.Equal(expected, await ReadAllAsync(ours, Orders0));
    }

    [StoreFact]
    public async Task What_had_to_make_room_is_read_from_the_log_and_what_follows_it_from_memory_again()
    {
        var store = await OpenAtTheEndAsync(Settings with { FreshBytes = 3000 });
        for (var index = 0; index < 10; index++)
        {
            await store.AppendAsync(Orders0, Batch.OfBytes(1000));
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(index => (long)index), await OffsetsAsync(store, 0));
        Assert.Empty(await OffsetsAsync(store, 10));
        await store.AppendAsync(Orders0, Batch.OfBytes(1000));
        await HideLogAsync();
        Assert.Equal([10L], await OffsetsAsync(store, 10));
    }

    [StoreFact]
    public async Task Nothing_is_kept_for_readers_if_so_set()
    {
        var store = await OpenAtTheEndAsync(Settings with { FreshBytes = 0 });
        await store.AppendAsync(Orders0, Batch.Of("a"));

        await HideLogAsync();

        await Assert.ThrowsAsync<StoreUnusableException>(() => OffsetsAsync(store, 0));
    }

    [StoreFact]
    public async Task What_retention_has_removed_is_not_read_from_memory()
    {
        var store = await OpenAtTheEndAsync(Settings, new TopicSettings { Partitions = 2, RetentionBytes = 1500 });
        await store.AppendAsync(Orders0, Batch.OfBytes(1000));
        await store.AppendAsync(Orders0, Batch.OfBytes(1000));
        Assert.Equal([0L, 1], await OffsetsAsync(store, 0));

        await store.TrimAsync(DateTimeOffset.UnixEpoch);

        await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => OffsetsAsync(store, 0));
        Assert.Equal([1L], await OffsetsAsync(store, 1));
    }

    /// <summary>Opens a store with a reader that has come to the end of the first partition.</summary>
    private async Task<PostgresStore> OpenAtTheEndAsync(PostgresStoreSettings settings, TopicSettings? topic = null)
    {
        var store = await OpenAsync(settings);
        await store.CreateTopicAsync(Orders, topic ?? new TopicSettings { Partitions = 2 });
        Assert.Empty(await OffsetsAsync(store, 0));
        return store;
    }

    /// <summary>Takes the log's records away, but not what is known of them.</summary>
    private Task HideLogAsync() => ExecuteAsync("ALTER TABLE pipeline.segment_1 RENAME TO hidden");

    private static async Task<IReadOnlyList<long>> OffsetsAsync(PostgresStore store, long offset, int maximumBytes = 1 << 20) =>
        [.. (await store.ReadAsync(Orders0, offset, maximumBytes, TimeSpan.Zero)).Select(batch => batch.BaseOffset)];
}
