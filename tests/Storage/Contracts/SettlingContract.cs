namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>What holds for settling records: each once, together with what is appended for them.</summary>
public abstract class SettlingContract(StoreFixture fixture) : StoreTest(fixture)
{
    [StoreFact]
    public async Task What_is_appended_for_records_is_appended_as_they_are_settled()
    {
        await AppendAsync(Orders0, "a", "b", "c", "d");
        var reader = Log.ReadAsync(Orders1, 0, 1, Timeout.InfiniteTimeSpan).AsTask();

        await Log.SettleAsync(
            Orders0, [new(0, 1), new(2, 4)], [new(Orders1, Batch.Of("a")), new(Orders0, Batch.Of("x")), new(Orders1, Batch.Of("c", "d"))]);

        Assert.Equal(["a"], Batch.Values((await reader.WaitAsync(Hang)).Single()));
        await Fixture.ReopenAsync();
        Assert.Equal([new OffsetRange(0, 1), new OffsetRange(2, 4)], await Log.ListSettledAsync(Orders0, 0, 10));
        Assert.Empty(await Log.ListSettledAsync(Orders1, 0, 10));
        Assert.Equal(["a", "c", "d"], await ReadAllAsync(Orders1));
        Assert.Equal(["a", "b", "c", "d", "x"], await ReadAllAsync(Orders0));
    }

    [StoreTheory]
    [InlineData(3, 7)]
    [InlineData(1, 4)]
    [InlineData(6, 8)]
    [InlineData(4, 5)]
    [InlineData(1, 9)]
    public async Task A_record_that_is_settled_is_not_settled_again_and_nothing_else_with_it(long first, long next)
    {
        await AppendAsync(Orders0, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        await Log.SettleAsync(Orders0, [new(3, 7)], []);

        var refused = await Assert.ThrowsAsync<RecordsSettledException>(
            () => Log.SettleAsync(Orders0, [new(first, next), new(9, 10)], [new(Orders1, Batch.Of("twice"))]).AsTask());

        Assert.Contains($"{new OffsetRange(first, next)} of partition orders/0", refused.Message);
        await Assert.ThrowsAsync<RecordsSettledException>(() => Log.SettleAsync(Orders0, [new(0, 1), new(first, next)], []).AsTask());
        Assert.Empty(await ReadAllAsync(Orders1));
        await Fixture.ReopenAsync();
        Assert.Equal([new OffsetRange(3, 7)], await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Ranges_that_touch_become_one_and_are_listed_from_any_offset()
    {
        await AppendAsync(Orders0, [.. Enumerable.Range(0, 20).Select(index => $"{index}")]);
        await Log.SettleAsync(Orders0, [new(4, 6), new(8, 9)], []);
        await Log.SettleAsync(Orders0, [new(1, 2), new(6, 8), new(12, 13)], []);
        await Log.SettleAsync(Orders0, [new(3, 4), new(9, 10)], []);

        Assert.Equal([new OffsetRange(1, 2), new OffsetRange(3, 10), new OffsetRange(12, 13)], await Log.ListSettledAsync(Orders0, 0, 10));
        Assert.Equal([new OffsetRange(3, 10)], await Log.ListSettledAsync(Orders0, 2, 1));
        Assert.Equal([new OffsetRange(3, 10), new OffsetRange(12, 13)], await Log.ListSettledAsync(Orders0, 9, 10));
        Assert.Equal([new OffsetRange(12, 13)], await Log.ListSettledAsync(Orders0, 10, 10));
        Assert.Empty(await Log.ListSettledAsync(Orders0, 13, 10));
        await Log.SettleAsync(Orders0, [new(2, 3), new(10, 12)], []);
        Assert.Equal([new OffsetRange(1, 13)], await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Records_that_the_partition_does_not_hold_are_not_settled()
    {
        await AppendAsync(Orders0, "a", "b");
        await Log.UpdateTopicAsync(Orders, new TopicChange { RetentionAge = TimeSpan.FromHours(1) });
        await Log.TrimAsync(Fixture.Clock.GetUtcNow().AddHours(2));
        await AppendAsync(Orders0, "c", "d");

        var above = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => Log.SettleAsync(
            Orders0,
            [new(3, 5)],
            [new(Orders1, Batch.Of("x"))]).AsTask());
        var below = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => Log.SettleAsync(
            Orders0,
            [new(1, 3)],
            [new(Orders1, Batch.Of("x"))]).AsTask());

        Assert.Equal((2, 4), (above.Start, above.End));
        Assert.Contains("Offset 1 of partition orders/0", below.Message);
        Assert.Empty(await ReadAllAsync(Orders1));
        Assert.Empty(await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Ranges_that_are_none_empty_or_out_of_order_are_refused()
    {
        await AppendAsync(Orders0, "a", "b", "c");
        foreach (OffsetRange[] ranges in new OffsetRange[][] { [], [new(1, 1)], [new(2, 1)], [new(-1, 1)], [new(1, 2), new(0, 1)], [new(0, 2), new(1, 3)] })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Log.SettleAsync(Orders0, ranges, []).AsTask());
        }

        Assert.Empty(await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Nothing_is_settled_where_a_topic_or_a_partition_is_missing()
    {
        await AppendAsync(Orders0, "a");

        await Assert.ThrowsAsync<UnknownTopicException>(
            () => Log.SettleAsync(Orders0, [new(0, 1)], [new(Orders1, Batch.Of("a")), new(new("missing", 0), Batch.Of("a"))]).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Log.SettleAsync(
            Orders0,
            [new(0, 1)],
            [new(new(Orders, 7), Batch.Of("a"))]).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.SettleAsync(new("missing", 0), [new(0, 1)], []).AsTask());
        await Assert.ThrowsAsync<UnknownTopicException>(() => Log.ListSettledAsync(new("missing", 0), 0, 1).AsTask());
        await Assert.ThrowsAsync<UnknownPartitionException>(() => Log.ListSettledAsync(new(Orders, 2), 0, 1).AsTask());

        Assert.Empty(await Log.ListSettledAsync(Orders0, 0, 10));
        Assert.Empty(await ReadAllAsync(Orders1));
    }

    [StoreFact]
    public async Task What_was_settled_is_forgotten_with_the_records_and_with_the_topic()
    {
        await AppendAsync(Orders0, "a", "b");
        await AppendAsync(Orders0, "c", "d");
        Fixture.Clock.Advance(TimeSpan.FromHours(2));
        await AppendAsync(Orders0, "e", "f");
        await Log.SettleAsync(Orders0, [new(0, 2), new(3, 5)], []);
        await Log.UpdateTopicAsync(Orders, new TopicChange { RetentionAge = TimeSpan.FromHours(1) });

        Assert.Equal(4, await Log.TrimAsync(Fixture.Clock.GetUtcNow()));
        Assert.Equal([new OffsetRange(3, 5)], await Log.ListSettledAsync(Orders0, 0, 10));
        await Assert.ThrowsAsync<RecordsSettledException>(() => Log.SettleAsync(Orders0, [new(4, 5)], []).AsTask());

        await Log.DeleteTopicAsync(Orders);
        await Log.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
        Assert.Empty(await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Of_many_that_settle_the_same_record_at_once_one_does()
    {
        await AppendAsync(Orders0, "a");

        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await Log.SettleAsync(Orders0, [new(0, 1)], [new(Orders1, Batch.Of("a"))]);
                return true;
            }
            catch (RecordsSettledException)
            {
                return false;
            }
        })).WaitAsync(Hang);

        Assert.Single(tries, settled => settled);
        Assert.Equal(["a"], await ReadAllAsync(Orders1));
    }
}
