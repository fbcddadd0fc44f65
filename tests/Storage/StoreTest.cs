namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A test over a real store of its own.</summary>
public abstract class StoreTest(StoreFixture fixture) : IAsyncLifetime
{
    /// <summary>Long enough that only a hang runs into it.</summary>
    protected static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    protected static readonly TopicName Orders = "orders";
    protected static readonly TopicPartition Orders0 = new(Orders, 0);
    protected static readonly TopicPartition Orders1 = new(Orders, 1);
    protected static readonly TaskId Task0 = new("shop", "count", 0);

    protected StoreFixture Fixture { get; } = fixture;

    protected ITopicStore Log => Fixture.Log;

    protected ICheckpointStore Checkpoints => Fixture.Checkpoints;

    public async Task InitializeAsync()
    {
        await Fixture.OpenAsync();
        await Log.CreateTopicAsync(Orders, new TopicSettings { Partitions = 2 });
    }

    public async Task DisposeAsync() => await Fixture.DisposeAsync();

    protected async Task<AppendResult> AppendAsync(TopicPartition partition, params string[] values) =>
        await Log.AppendAsync(partition, Batch.Of(values));

    protected async Task<List<string>> ReadAllAsync(TopicPartition partition)
    {
        var values = new List<string>();
        var bounds = await Log.GetBoundsAsync(partition);
        for (var offset = bounds.Start; offset < bounds.End;)
        {
            foreach (var batch in await Log.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero))
            {
                Assert.Equal(offset, batch.BaseOffset);
                values.AddRange(Batch.Values(batch));
                offset = batch.NextOffset;
            }
        }

        return values;
    }
}
