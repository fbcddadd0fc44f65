namespace Orleans.Pipeline.Storage.Tests.Contracts;

/// <summary>A store that a program of the first schema version made is brought up to date, and keeps all that it held.</summary>
public abstract class MigrationContract(SqlStoreFixture fixture) : IAsyncLifetime
{
    private const long Billing = 1;

    private static readonly TopicPartition Orders0 = new("orders", 0);
    private static readonly TopicPartition Orders1 = new("orders", 1);
    private static readonly TaskId Task0 = new("shop", "count", 0);

    private ITopicStore Log => fixture.Log;

    public Task InitializeAsync() => fixture.OpenVersionAsync(1);

    public async Task DisposeAsync() => await fixture.DisposeAsync();

    [StoreFact]
    public async Task It_keeps_topics_records_producers_and_checkpoints()
    {
        var topic = await Log.FindTopicAsync("orders");
        Assert.Equal(
            new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromDays(1), RetentionBytes = 1_000_000, LagLimit = 500 },
            topic!.Settings);
        Assert.Equal(["a", "b", "c"], await ReadAsync(Orders0, 1));
        Assert.Equal(["x", "y", "z"], await ReadAsync(Orders1, 0));

        Assert.Equal(new AppendResult(3, 4, IsRepeat: true), await Log.AppendAsync(Orders0, Batch.From(Billing, 1, 0, "c")));
        Assert.Equal(new AppendResult(4, 5, IsRepeat: false), await Log.AppendAsync(Orders0, Batch.From(Billing, 1, 1, "d")));
        await Assert.ThrowsAsync<ProducerFencedException>(() => Log.AppendAsync(Orders1, Batch.From(Billing, 0, 0, "late")).AsTask());
        Assert.Equal((2, 3), await TakeOverAsync());
        Assert.True(await fixture.Checkpoints.IsPausedAsync("shop"));
    }

    [StoreFact]
    public async Task It_can_do_what_later_versions_can()
    {
        Assert.Equal(7, (await Log.UpdateTopicAsync("orders", new TopicChange { LagLimit = 7 })).Settings.LagLimit);

        Assert.Equal([1, 0], await Log.GetProducerProgressAsync("orders", Billing));
        await Log.AppendAsync(Orders0, Batch.From(Billing, 1, 1, "d"));
        await Log.AppendAsync(Orders0, Batch.From(Billing, 2, 0, "e", "f"));
        Assert.Equal([4, 0], await Log.GetProducerProgressAsync("orders", Billing));

        await Log.SettleAsync(Orders0, [new(1, 3)], [new(Orders1, Batch.Of("again"))]);
        Assert.Equal([new OffsetRange(1, 3)], await Log.ListSettledAsync(Orders0, 0, 10));
    }

    [StoreFact]
    public async Task Its_stages_count_as_defined_at_the_time_of_the_migration()
    {
        var checkpoint = Assert.Single(await fixture.Checkpoints.ListAsync());

        Assert.Equal(Task0, checkpoint.Task);
        Assert.InRange(checkpoint.DefinedAt, fixture.Clock.GetUtcNow(), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1));
    }

    [StoreFact]
    public async Task It_is_opened_again_as_it_is()
    {
        await Log.SettleAsync(Orders0, [new(1, 3)], []);

        await fixture.ReopenAsync();

        Assert.Equal([new OffsetRange(1, 3)], await Log.ListSettledAsync(Orders0, 0, 10));
        Assert.Equal(["a", "b", "c"], await ReadAsync(Orders0, 1));
    }

    private async Task<List<string>> ReadAsync(TopicPartition partition, long offset) =>
        [.. (await Log.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero)).SelectMany(Batch.Values)];

    private async Task<(long Epoch, long NextOffset)> TakeOverAsync()
    {
        var taken = await fixture.Checkpoints.TakeOverAsync(Task0, Orders0, 0);
        return (taken.Epoch, taken.NextOffset);
    }
}
