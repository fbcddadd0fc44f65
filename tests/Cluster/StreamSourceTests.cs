using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Sources;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Orleans streams of other providers as sources of pipelines.</summary>
public sealed class StreamSourceTests : IAsyncLifetime
{
    private const string Provider = "events";
    private static readonly TopicName Copied = "events.temperatures";
    private static readonly StreamId Kitchen = StreamId.Create("temperatures", "kitchen");

    private readonly FakeLogger<StreamFeed<int>> _log = new();
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
        var topics = _cluster.Silos.Client.GetStreamProvider(Grains.PipelineStreams.Provider);
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

    /// <summary>As the ADO.NET provider and the queues of clouds do after a restart.</summary>
    [Fact]
    public async Task A_provider_that_is_not_rewindable_may_number_from_the_start_again_and_loses_nothing()
    {
        var feed = NewFeed(isRewindable: false);
        await feed.OnNextAsync([At(1, 0, 10), At(1, 1, 11)]);
        await feed.OnNextAsync([At(2, 0, 20)]);
        await feed.OnNextAsync([At(1, 0, 30)]);
        await NewFeed(isRewindable: false).OnNextAsync([At(1, 0, 40), At(2, 0, 50)]);

        Assert.Equal([10, 11, 20, 30, 40, 50], await CopiedAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delivery_whose_answer_was_lost_is_appended_once_whether_or_not_its_provider_is_rewindable(bool isRewindable)
    {
        var lose = false;
        var store = Interposed.Before<ICheckpointStore>(_cluster.Store, nameof(ICheckpointStore.CommitAsync), (_, committing) =>
            lose ? LoseAsync((ValueTask)committing) : committing);
        var feed = NewFeed(isRewindable: isRewindable, positions: new StreamPositions(store));
        await feed.OnNextAsync([At(1, 0, 10)]);
        lose = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => feed.OnNextAsync([At(2, 0, 20), At(2, 1, 21)]));
        lose = false;
        await feed.OnNextAsync([At(2, 0, 20), At(2, 1, 21)]);
        await feed.OnNextAsync([At(3, 0, 30)]);

        Assert.Equal([10, 20, 21, 30], await CopiedAsync());
    }

    [Fact]
    public async Task Events_that_the_provider_gives_up_are_logged_as_lost()
    {
        await NewFeed().OnErrorAsync(new TimeoutException("Too long."));

        var error = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Error, error.Level);
        Assert.Contains("gave up events of stream temperatures/kitchen, which are lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_are_passed_over_as_repeats_are_counted_and_named_once()
    {
        using var repeats = new MetricCollector<long>(PipelineTelemetry.Meter, "pipeline.topic.stream.repeats");
        await NewFeed().OnNextAsync([At(5, 0, 50), At(6, 0, 60)]);
        var restarted = NewFeed();
        await restarted.OnNextAsync([At(1, 0, 10), At(2, 0, 20)]);
        await restarted.OnNextAsync([At(3, 0, 30)]);

        Assert.Equal([50, 60], await CopiedAsync());
        Assert.Equal(3, repeats.GetMeasurementSnapshot().Sum(measured => measured.Value));
        var warning = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Contains(
            "temperatures/kitchen of provider events delivered 2 events with sequence numbers below 7",
            warning.Message,
            StringComparison.Ordinal);
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
    public async Task An_event_over_the_limit_of_a_record_is_refused_with_its_size_and_appends_nothing()
    {
        var feed = NewFeed(limits: new RecordLimits { RecordBytes = 15 });

        var refusal = await Assert.ThrowsAsync<PermanentException>(() => feed.OnNextAsync([At(1, 0, 10), At(2, 0, 1_000_000)]));

        Assert.Contains("A record of 17 bytes for topic 'events.temperatures' is over the limit of 15 bytes", refusal.Message);
        Assert.Empty(await CopiedAsync());
        await feed.OnNextAsync([At(1, 0, 10)]);
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
    [InlineData("elsewhere", "Add it to every silo")]
    [InlineData("pipeline", "Read them with From")]
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

    private static int PartitionOf(string room) => KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(room), 4);

    private StreamFeed<int> NewFeed(
        Action? leave = null,
        Func<long>? lagOf = null,
        bool isRewindable = true,
        StreamPositions? positions = null,
        RecordLimits? limits = null)
    {
        var services = _cluster.Silos.Silos[0].ServiceProvider;
        var source = (StreamSource<int>)services.GetRequiredService<PipelineCatalog>().StreamSources.Single();
        var admission = new TopicAdmission(_cluster.Store, (_, _) => ValueTask.FromResult(lagOf?.Invoke() ?? 0), TimeProvider.System);
        return new StreamFeed<int>(
            source,
            Kitchen,
            isRewindable,
            leave ?? (() => { }),
            positions ?? services.GetRequiredService<StreamPositions>(),
            admission,
            services.GetRequiredService<ClusterTopics>(),
            TimeProvider.System,
            _log,
            limits);
    }

    private static async ValueTask LoseAsync(ValueTask committing)
    {
        await committing;
        throw new StoreUnavailableException("The answer was lost.");
    }

    private Task<List<int>> CopiedAsync() => ReadAsync(Copied, "kitchen");

    private Task<List<int>> OutputOfAsync(string room) => ReadAsync("readings", room);

    private async Task<List<int>> ReadAsync(TopicName topic, string room)
    {
        var values = new List<int>();
        var partition = new TopicPartition(topic, PartitionOf(room));
        var end = (await _cluster.Store.GetBoundsAsync(partition)).End;
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
