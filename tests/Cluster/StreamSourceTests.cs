using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Checkpoints;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Sources;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Orleans streams of other providers as sources of pipelines.</summary>
public sealed class StreamSourceTests : IAsyncLifetime
{
    private const string Provider = "events";
    private static readonly TopicName Copied = "events.temperatures";
    private static readonly StreamId Kitchen = StreamId.Create("temperatures", "kitchen");

    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(
        Define, silos: 2, silo => silo.AddMemoryStreams(Provider), client => client.AddMemoryStreams(Provider));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Every_event_of_every_stream_of_the_namespace_is_processed_once_and_in_the_order_of_its_stream()
    {
        var streams = _cluster.Silos.Client.GetStreamProvider(Provider);
        string[] rooms = ["kitchen", "hall", "attic"];
        await Task.WhenAll(rooms.Select(async room =>
        {
            var stream = streams.GetStream<int>("temperatures", room);
            await stream.OnNextAsync(0);
            await stream.OnNextBatchAsync(Enumerable.Range(1, 500));
            await stream.OnNextBatchAsync(Enumerable.Range(501, 99));
        }));

        foreach (var partition in rooms.GroupBy(PartitionOf))
        {
            await _cluster.WhenCommittedAsync(new TaskId("watch", Copied.Value, partition.Key), 600 * partition.Count());
        }

        foreach (var room in rooms)
        {
            Assert.Equal(Enumerable.Range(0, 600), await OutputOfAsync(room));
        }
    }

    [Fact]
    public async Task Events_of_the_same_namespace_at_another_provider_are_left_alone()
    {
        var topics = _cluster.Silos.Client.GetStreamProvider(Grains.Streams.PipelineStreams.Provider);
        await _cluster.Store.CreateTopicAsync("temperatures", new TopicSettings { Partitions = 1 });
        await topics.GetStream<int>("temperatures", "kitchen").OnNextAsync(7);
        await _cluster.Silos.Client.GetStreamProvider(Provider).GetStream<int>(Kitchen).OnNextAsync(8);

        await _cluster.WhenCommittedAsync(new TaskId("watch", Copied.Value, PartitionOf("kitchen")), 1);
        Assert.Equal([8], await OutputOfAsync("kitchen"));
    }

    [Fact]
    public async Task Events_that_are_delivered_again_are_dropped_by_their_token()
    {
        var feed = NewFeed();
        await feed.OnNextAsync([At(5, 0, 50), At(5, 1, 51)]);
        await feed.OnNextAsync([At(5, 0, 50), At(5, 1, 51)]);
        await feed.OnNextAsync([At(5, 0, 50), At(5, 1, 51), At(9, 0, 90)]);

        Assert.Equal([50, 51, 90], await CopiedAsync());
    }

    [Fact]
    public async Task A_new_activation_goes_on_after_what_the_last_one_appended()
    {
        await NewFeed().OnNextAsync([At(1, 0, 10), At(2, 0, 20)]);
        await NewFeed().OnNextAsync([At(2, 0, 20), At(3, 0, 30)]);

        Assert.Equal([10, 20, 30], await CopiedAsync());
    }

    [Fact]
    public async Task An_activation_that_was_replaced_appends_nothing_and_leaves()
    {
        var left = 0;
        var older = NewFeed(() => left++);
        await older.OnNextAsync([At(1, 0, 10)]);
        await NewFeed().OnNextAsync([At(2, 0, 20)]);

        await Assert.ThrowsAsync<TaskFencedException>(() => older.OnNextAsync([At(2, 0, 20)]));

        Assert.Equal(1, left);
        Assert.Equal([10, 20], await CopiedAsync());
    }

    [Fact]
    public async Task Events_are_refused_while_the_pipelines_lag_too_far_behind_and_are_appended_later()
    {
        var lag = 0L;
        var feed = NewFeed(lagOf: () => lag);
        lag = new TopicSettings().LagLimit + 1;
        await Assert.ThrowsAsync<BackpressureException>(() => feed.OnNextAsync([At(1, 0, 10)]));
        Assert.Empty(await CopiedAsync());

        lag = 0;
        await NewFeed().OnNextAsync([At(1, 0, 10)]);
        Assert.Equal([10], await CopiedAsync());
    }

    [Fact]
    public async Task Events_without_a_token_are_all_appended()
    {
        var feed = NewFeed();
        await feed.OnNextAsync([new SequentialItem<int>(1, null!), new SequentialItem<int>(2, null!)]);
        await feed.OnNextAsync([new SequentialItem<int>(3, null!)]);

        Assert.Equal([1, 2, 3], await CopiedAsync());
    }

    [Theory]
    [InlineData("elsewhere", "add it to the silo")]
    [InlineData("pipeline", "read them with From")]
    public async Task A_provider_that_cannot_be_read_is_refused_when_the_silo_starts(string provider, string advice)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestCluster.StartAsync(
            pipelines => pipelines.Add("watch", pipeline => pipeline.FromStream<int>(provider, "temperatures").To(Sink.Topic("readings"), key: null)), silos: 1));
        Assert.Contains(advice, error.ToString(), StringComparison.Ordinal);
    }

    private static void Define(PipelineCatalog pipelines) => pipelines.Add("watch", pipeline => pipeline
        .FromStream<int>(Provider, "temperatures", partitions: 4)
        .To(Sink.Topic("readings", partitions: 4), key: null));

    private static SequentialItem<int> At(long sequence, int index, int value) => new(value, new EventSequenceTokenV2(sequence, index));

    private static int PartitionOf(string room) => Records.KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(room), 4);

    private StreamFeed<int> NewFeed(Action? leave = null, Func<long>? lagOf = null)
    {
        var services = _cluster.Silos.Silos[0].ServiceProvider;
        var source = (StreamSource<int>)services.GetRequiredService<PipelineCatalog>().StreamSources.Single();
        var log = new AdmittingTopicLog(_cluster.Store, (_, _) => ValueTask.FromResult(lagOf?.Invoke() ?? 0), TimeProvider.System);
        return new StreamFeed<int>(
            source, Kitchen, leave ?? (() => { }), services.GetRequiredService<StreamPositions>(), log, services.GetRequiredService<ClusterTopics>(), TimeProvider.System);
    }

    private Task<List<int>> CopiedAsync() => ReadAsync(Copied, "kitchen");

    private Task<List<int>> OutputOfAsync(string room) => ReadAsync("readings", room);

    private async Task<List<int>> ReadAsync(TopicName topic, string room)
    {
        var values = new List<int>();
        var partition = new TopicPartition(topic, PartitionOf(room));
        var end = (await _cluster.Store.BoundsAsync(partition)).End;
        for (var offset = 0L; offset < end;)
        {
            foreach (var batch in await _cluster.Store.ReadAsync(partition, offset, 1 << 20, TimeSpan.Zero))
            {
                foreach (var record in batch)
                {
                    if (Encoding.UTF8.GetString(record.KeySpan) == room)
                    {
                        values.Add(int.Parse(record.ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
                    }
                }

                offset = batch.NextOffset;
            }
        }

        return values;
    }
}
