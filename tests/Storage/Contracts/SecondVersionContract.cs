namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>A store that a program of the second schema version made is brought up to date: see SecondVersion/README.md.</summary>
public abstract class SecondVersionContract(SqlStoreFixture fixture) : IAsyncLifetime
{
    private const long Billing = 1;

    private static readonly TopicName Orders = "orders";
    private static readonly TopicPartition Orders0 = new(Orders, 0);
    private static readonly TopicPartition Orders1 = new(Orders, 1);
    private static readonly TaskId Task0 = new("shop", "count", 0);

    private ITopicStore Log => fixture.Log;

    public Task InitializeAsync() => fixture.OpenVersionAsync(2);

    public async Task DisposeAsync() => await fixture.DisposeAsync();

    [StoreFact]
    public async Task It_keeps_records_producers_checkpoints_and_settlements()
    {
        Assert.Equal(["a", "b", "c", "ahead", "d"], await ReadAsync(Orders0, 0));
        Assert.Equal(["x", "y"], await ReadAsync(Orders1, 0));
        Assert.Equal(new AppendResult(0, 2, IsRepeat: true), await Log.AppendAsync(Orders1, Batch.From(Billing, 0, 0, "x", "y")));
        Assert.Equal(new AppendResult(2, 3, IsRepeat: false), await Log.AppendAsync(Orders1, Batch.From(Billing, 0, 2, "z")));
        Assert.Equal(5, (await fixture.Checkpoints.TakeOverAsync(Task0, Orders0, 0)).NextOffset);
        Assert.Equal([new OffsetRange(1, 3)], await Log.ListSettledAsync(Orders0, 0, 10));
        Assert.True(await fixture.Checkpoints.IsPausedAsync("shop"));
    }

    [StoreFact]
    public async Task Its_records_are_as_old_as_they_say_but_none_is_younger_than_the_upgrade()
    {
        await Log.AppendAsync(Orders0, Batch.At(0, "new"));
        await Log.AppendAsync(Orders1, Batch.At(0, "new"));
        await CommitAsync(5, 6);

        Assert.Equal(1, await Log.TrimAsync(At(12, 30)));
        Assert.Equal(["b", "c", "ahead", "d", "new"], await ReadAsync(Orders0, 1));
        Assert.Equal(2, await Log.TrimAsync(At(13, 10)));
        Assert.Equal(["ahead", "d", "new"], await ReadAsync(Orders0, 3));

        Assert.Equal(6, await Log.TrimAsync(DateTimeOffset.UtcNow.AddHours(3)));
        Assert.Equal(new PartitionBounds(6, 6, 0, 0), await Log.GetBoundsAsync(Orders0));
    }

    [StoreFact]
    public async Task A_look_up_by_time_is_not_led_astray_by_its_record_that_is_dated_ahead()
    {
        await Log.AppendAsync(Orders0, Batch.At(fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds(), "new"));

        Assert.Equal(0, await Log.FindOffsetAsync(Orders0, At(9, 0)));
        Assert.Equal(1, await Log.FindOffsetAsync(Orders0, At(10, 30)));
        Assert.Equal(4, await Log.FindOffsetAsync(Orders0, At(11, 10)));
        Assert.Equal(5, await Log.FindOffsetAsync(Orders0, At(11, 50)));
        Assert.Equal(6, await Log.FindOffsetAsync(Orders0, DateTimeOffset.UtcNow.AddDays(1)));
    }

    [StoreFact]
    public async Task Its_topics_get_identities_that_stay()
    {
        var topics = await Log.ListTopicsAsync();

        await fixture.ReopenAsync();

        Assert.Equal(2, topics.Select(topic => topic.Id).Where(id => id != Guid.Empty).Distinct().Count());
        Assert.Equal(topics, await Log.ListTopicsAsync());
    }

    private async Task CommitAsync(long first, long next) => await fixture.Checkpoints.CommitAsync(new Commit(Task0, 1, first, next, [], [], 0));

    private async Task<List<string>> ReadAsync(TopicPartition partition, long offset) =>
        [.. (await Log.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero)).SelectMany(Batch.Values)];

    private static DateTimeOffset At(int hour, int minute) => new(2026, 1, 31, hour, minute, 0, TimeSpan.Zero);
}
