using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Grains;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Topics as Orleans streams: pushed into, subscribed to, rewound.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    private IStreamProvider Streams => _cluster.Silos.Client.GetStreamProvider(PipelineStreams.Provider);

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(Numbers.Define, silos: 2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_a_client_pushes_into_a_stream_is_processed_as_records()
    {
        var stream = Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 3));
        await stream.OnNextAsync(0);
        await stream.OnNextBatchAsync([1, 2, 3, 4]);

        await _cluster.WhenCommittedAsync(Numbers.TaskOf(3), 5);
        Assert.Equal(5, (await _cluster.Store.GetBoundsAsync(new TopicPartition(Numbers.Output, 3))).End);
    }

    [Fact]
    public async Task Records_pushed_under_one_key_land_in_one_partition()
    {
        var stream = Streams.GetStream<int>(PipelineStreams.Key(Numbers.Source, "customer-7"));
        for (var number = 0; number < 20; number++)
        {
            await stream.OnNextAsync(number);
        }

        var ends = new List<long>();
        for (var partition = 0; partition < Numbers.Partitions; partition++)
        {
            ends.Add((await _cluster.Store.GetBoundsAsync(new TopicPartition(Numbers.Source, partition))).End);
        }

        Assert.Equal([20], ends.Where(end => end > 0));
    }

    [Fact]
    public async Task A_subscriber_with_a_token_begins_at_that_offset_and_gets_what_follows_in_order()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, 1000);
        var received = await SubscribeAsync(partition: 2, offset: 990);
        await Numbers.AppendAsync(_cluster.Store, 1000, 10);

        Assert.Equal(Enumerable.Range(990, 20), await TakeAsync(received, 20));
    }

    [Fact]
    public async Task A_subscriber_rewinds_to_any_offset_that_is_kept()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, 100);
        var first = Channel.CreateUnbounded<int>();
        var stream = Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 0));
        var handle = await stream.SubscribeAsync(Into(first), new EventSequenceTokenV2(0));
        await TakeAsync(first, 100);

        var again = Channel.CreateUnbounded<int>();
        await handle.ResumeAsync(Into(again), new EventSequenceTokenV2(40));
        await Numbers.AppendAsync(_cluster.Store, 100, 1);

        Assert.Equal(Enumerable.Range(40, 61), await TakeAsync(again, 61));
    }

    [Fact]
    public async Task A_grain_subscribes_from_any_offset_that_is_kept_and_rewinds()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, 1000);
        var grain = _cluster.Silos.Client.GetGrain<ISubscriberGrain>(5);
        await grain.ReadFromAsync(900);
        await Numbers.AppendAsync(_cluster.Store, 1000, 10);
        Assert.Equal(Enumerable.Range(900, 110), await grain.TakeAsync(110));

        await grain.ReadFromAsync(3);
        await Numbers.AppendAsync(_cluster.Store, 1010, 1);
        Assert.Equal(Enumerable.Range(3, 1008), await grain.TakeAsync(1008));
    }

    /// <summary>A token is the offset of the first record to come, and nothing need be appended for it.</summary>
    [Fact]
    public async Task A_grain_resumes_from_the_tokens_own_record_on_a_partition_to_which_nothing_is_appended()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, 10);
        var grain = _cluster.Silos.Client.GetGrain<ISubscriberGrain>(6);
        await grain.ReadFromAsync(7);
        Assert.Equal([7, 8, 9], await grain.TakeAsync(3));

        foreach (var offset in new[] { 9, 0, 4, 4, 7 })
        {
            await grain.ReadFromAsync(offset);
            Assert.Equal(Enumerable.Range(offset, 10 - offset), await grain.TakeAsync(10 - offset));
        }
    }

    [Fact]
    public async Task A_grain_that_resumes_further_on_skips_what_lies_between()
    {
        var grain = _cluster.Silos.Client.GetGrain<ISubscriberGrain>(7);
        await Numbers.AppendAsync(_cluster.Store, 0, 10, only: 7);
        await grain.ReadFromAsync(0);
        await grain.TakeAsync(10);
        await grain.ReadFromAsync(15);
        await Numbers.AppendAsync(_cluster.Store, 10, 10, only: 7);

        Assert.Equal(Enumerable.Range(15, 5), await grain.TakeAsync(5));
    }

    [Fact]
    public async Task A_record_replayed_for_a_task_does_not_come_again_to_subscribers()
    {
        var received = await SubscribeAsync(partition: 1, offset: 0);
        await Numbers.AppendAsync(_cluster.Store, 0, 2, only: 1);
        var builder = new RecordBatchBuilder();
        builder.Append(default, "1"u8, timestamp: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        [
            Header.Text(DeadLetterHeaders.ReplayPipeline, "copy"), Header.Text(DeadLetterHeaders.ReplayStage, "numbers"), Header.Text(
                DeadLetterHeaders.Replays, "1"),
        ]);
        await _cluster.Store.AppendAsync(new TopicPartition(Numbers.Source, 1), builder.Build());
        await Numbers.AppendAsync(_cluster.Store, 2, 1, only: 1);

        Assert.Equal([0, 1, 2], await TakeAsync(received, 3));
        await _cluster.WhenCommittedAsync(Numbers.TaskOf(1), 4);
        Assert.Equal([0, 1, 1, 2], await Numbers.ReadAsync(_cluster.Store, new TopicPartition(Numbers.Output, 1)));
    }

    [Fact]
    public async Task A_silo_pushes_into_a_topic()
    {
        var provider = _cluster.Silos.Silos[1].ServiceProvider.GetRequiredKeyedService<IStreamProvider>(PipelineStreams.Provider);
        await provider.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 1)).OnNextBatchAsync([0, 1, 2]);

        await _cluster.WhenCommittedAsync(Numbers.TaskOf(1), 3);
        Assert.Equal(3, (await _cluster.Store.GetBoundsAsync(new TopicPartition(Numbers.Output, 1))).End);
    }

    private static Func<int, StreamSequenceToken?, Task> Into(Channel<int> channel) =>
        (item, _) => channel.Writer.WriteAsync(item).AsTask();

    private static async Task<List<int>> TakeAsync(Channel<int> channel, int count)
    {
        var items = new List<int>();
        while (items.Count < count)
        {
            items.Add(await channel.Reader.ReadAsync());
        }

        return items;
    }

    private async Task<Channel<int>> SubscribeAsync(int partition, long offset)
    {
        var received = Channel.CreateUnbounded<int>();
        await Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, partition)).SubscribeAsync(
            Into(received), new EventSequenceTokenV2(offset));
        return received;
    }
}
