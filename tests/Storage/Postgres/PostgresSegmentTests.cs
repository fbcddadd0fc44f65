using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Topics over several segments, and how retention frees their space.</summary>
[RequiresPostgres]
public sealed class PostgresSegmentTests : PostgresTest
{
    private const int BatchBytes = 20_000;
    private const int Batches = 60;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [StoreFact]
    public async Task Batches_are_read_in_order_over_all_segments_by_stores_old_and_new()
    {
        var store = await FillAsync(new TopicSettings { Partitions = 2, RetentionAge = null });
        var late = await OpenAsync(Settings, _clock);

        Assert.True(await CountSegmentsAsync() > 3);
        foreach (var reader in new[] { store, late })
        {
            Assert.Equal(Enumerable.Range(0, Batches).Select(index => (long)index), (await ReadOffsetsAsync(reader, 0)).Order());
            Assert.Equal(Batches - 7, (await ReadOffsetsAsync(reader, 7)).Count);
        }
    }

    [StoreFact]
    public async Task A_time_is_found_in_whichever_segment_it_lies()
    {
        var store = await FillAsync(new TopicSettings { Partitions = 2, RetentionAge = null });

        for (var index = 0; index < Batches; index++)
        {
            Assert.Equal(index, await store.FindOffsetAsync(Orders0, TimeOf(index)));
            Assert.Equal(index, await store.FindOffsetAsync(Orders0, TimeOf(index).AddSeconds(-30)));
        }

        Assert.Equal(Batches, await store.FindOffsetAsync(Orders0, TimeOf(Batches)));
    }

    [StoreFact]
    public async Task Retention_removes_exactly_what_it_must_and_drops_the_segments_that_this_empties()
    {
        var store =
            await FillAsync(new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromDays(1), RetentionBytes = 5 * BatchBytes });
        var before = await CountSegmentsAsync();
        var kept = (await store.GetBoundsAsync(Orders0)).Bytes;

        Assert.Equal(2 * (Batches - 4), await store.TrimAsync(_clock.GetUtcNow()));

        Assert.Equal((Batches - 4, Batches), ((await store.GetBoundsAsync(Orders0)).Start, (await store.GetBoundsAsync(Orders0)).End));
        Assert.Equal(kept / Batches * 4, (await store.GetBoundsAsync(Orders0)).Bytes);
        Assert.InRange(await CountSegmentsAsync(), 1, before - 2);
        Assert.Equal([Batches - 4L, Batches - 3, Batches - 2, Batches - 1], await ReadOffsetsAsync(store, Batches - 4));
        Assert.Equal(Batches - 4, await store.FindOffsetAsync(Orders0, DateTimeOffset.UnixEpoch));
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => store.ReadAsync(Orders0, 3, 1, TimeSpan.Zero).AsTask());
        await store.AppendAsync(Orders0, Batch.Of("more"));
        Assert.Equal(5, (await ReadOffsetsAsync(store, Batches - 4)).Count);
    }

    [StoreFact]
    public async Task A_segment_stays_while_the_slowest_task_of_any_partition_needs_it()
    {
        var store = await FillAsync(new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromMinutes(1) });
        _clock.Advance(TimeSpan.FromDays(1));
        await store.TakeOverAsync(new("shop", "count", 1), Orders1, 0);
        var all = await CountSegmentsAsync();

        Assert.Equal(Batches, await store.TrimAsync(_clock.GetUtcNow()));
        Assert.InRange(await CountSegmentsAsync(), all, all + 1);
        Assert.Equal(Batches, (await ReadOffsetsAsync(store, 0, Orders1)).Count);

        await store.CommitAsync(new Commit(new("shop", "count", 1), 1, 0, Batches, [], [], 0));
        Assert.Equal(Batches, await store.TrimAsync(_clock.GetUtcNow()));
        Assert.Equal(1, await CountSegmentsAsync());
    }

    [StoreFact]
    public async Task A_segment_that_never_fills_is_closed_when_it_is_as_old_as_its_records_may_be()
    {
        var store = await OpenAsync(Settings, _clock);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromHours(1) });
        await store.AppendAsync(Orders0, Batch.At(_clock.GetUtcNow().ToUnixTimeMilliseconds(), "a"));
        _clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(1, await store.TrimAsync(_clock.GetUtcNow()));

        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM pipeline.partition_segments"));
        Assert.Equal(1, (await store.AppendAsync(Orders0, Batch.Of("b"))).BaseOffset);
        Assert.Equal(["b"], await ReadAllAsync(store, Orders0));
    }

    [StoreFact]
    public async Task A_deleted_topic_leaves_no_segment()
    {
        var store = await FillAsync(new TopicSettings { Partitions = 2, RetentionAge = null });

        await store.DeleteTopicAsync(Orders);

        Assert.Equal(0, await CountSegmentsAsync());
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM pipeline.segments"));
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM pipeline.partitions"));
    }

    [StoreFact]
    public async Task Appends_reads_and_retention_at_once_over_many_segments_lose_nothing()
    {
        var store = await OpenAsync(Settings with { SegmentBytes = 32_768 }, _clock);
        var other = await OpenAsync(Settings with { SegmentBytes = 32_768 }, _clock);
        await store.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2, RetentionAge = null, RetentionBytes = BatchBytes });
        var task = new TaskId("shop", "count", 0);
        await store.TakeOverAsync(task, Orders0, 0);

        var appending = Task.WhenAll(Enumerable.Range(0, 4).Select(index => Task.Run(async () =>
        {
            for (var count = 0; count < 40; count++)
            {
                await (index % 2 == 0 ? store : other).AppendAsync(new(Orders, count % 2), Batch.OfBytes(BatchBytes / 2));
            }
        })));
        var trimming = Task.Run(async () =>
        {
            while (!appending.IsCompleted)
            {
                await other.TrimAsync(_clock.GetUtcNow());
            }
        });
        for (var next = 0L; next < 80;)
        {
            var batches = await store.ReadAsync(Orders0, next, 3 * BatchBytes, Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Hang);
            Assert.Equal(next, batches[0].BaseOffset);
            await store.CommitAsync(new Commit(task, 1, next, batches[^1].NextOffset, [], [], 0));
            next = batches[^1].NextOffset;
        }

        await Task.WhenAll(appending, trimming).WaitAsync(Hang);
        Assert.Equal((80, 80), ((await store.GetBoundsAsync(Orders0)).End, (await other.GetBoundsAsync(Orders1)).End));
        await store.TrimAsync(_clock.GetUtcNow());
        Assert.InRange(await CountSegmentsAsync(), 1, 4);
    }

    /// <summary>Fills both partitions with batches of a minute each, over many segments.</summary>
    private async Task<PostgresStore> FillAsync(TopicSettings settings)
    {
        var store = await OpenAsync(Settings with { SegmentBytes = 262_144 }, _clock);
        await store.CreateTopicAsync(Orders, settings);
        for (var index = 0; index < Batches; index++)
        {
            await store.AppendAsync(Orders0, Batch.OfBytes(BatchBytes, TimeOf(index).ToUnixTimeMilliseconds()));
            await store.AppendAsync(Orders1, Batch.OfBytes(BatchBytes, TimeOf(index).ToUnixTimeMilliseconds()));
        }

        return store;
    }

    private DateTimeOffset TimeOf(int index) => _clock.Start.AddHours(-2).AddMinutes(index);

    private Task<long> CountSegmentsAsync() =>
        QueryAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'pipeline' AND tablename LIKE 'segment\\_%'");

    private static async Task<List<long>> ReadOffsetsAsync(PostgresStore store, long from, TopicPartition? partition = null)
    {
        var source = partition ?? Orders0;
        var offsets = new List<long>();
        for (var end = (await store.GetBoundsAsync(source)).End; from < end; from = offsets[^1] + 1)
        {
            offsets.AddRange((await store.ReadAsync(source, from, 3 * BatchBytes, TimeSpan.Zero)).Select(batch => batch.BaseOffset));
        }

        return offsets;
    }
}
