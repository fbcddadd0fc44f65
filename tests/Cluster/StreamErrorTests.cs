using System.Text;
using System.Threading.Channels;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>What a subscriber of a topic's stream is told when a record cannot be read, or the topic is not the one that it was.</summary>
public sealed class StreamErrorTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    private IStreamProvider Streams => _cluster.Silos.Client.GetStreamProvider(PipelineStreams.Provider);

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(Numbers.Define, silos: 2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_client_is_told_once_of_a_record_that_it_cannot_read_and_gets_the_next_ones()
    {
        await AppendAsync(partition: 2, "0", "x", "2", null, "4");
        await AppendAsync(partition: 2, "5");
        var seen = Channel.CreateUnbounded<string>();

        await Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 2)).SubscribeAsync(
            (number, _) => seen.Writer.WriteAsync($"{number}").AsTask(), error => TellAsync(seen, error), new EventSequenceTokenV2(0));

        Assert.Equal(["0", "numbers/2@1", "2", "numbers/2@3", "4", "5"], await TakeAsync(seen, 6));
    }

    [Fact]
    public async Task A_grain_is_told_once_of_a_record_that_it_cannot_read_and_gets_the_next_ones()
    {
        await AppendAsync(partition: 5, "0", "{", "2");
        var grain = _cluster.Silos.Client.GetGrain<ISubscriberGrain>(5);

        await grain.ReadFromAsync(0);

        Assert.Equal([0, 2], await grain.TakeAsync(2));
        var error = Assert.Single(await grain.TakeErrorsAsync(1));
        Assert.StartsWith("Record 1 of numbers/5 cannot be read as Int32: ", error);
        await AppendAsync(partition: 5, "3");
        Assert.Equal([0, 2, 3], await grain.TakeAsync(3));
        Assert.Single(await grain.TakeErrorsAsync(1));
    }

    [Fact]
    public async Task A_subscriber_that_fails_gets_the_batch_again_but_is_told_of_its_errors_once()
    {
        await AppendAsync(partition: 1, "0", "x", "2", "3");
        var seen = Channel.CreateUnbounded<string>();
        var failures = 0;

        await Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 1)).SubscribeAsync(
            async (number, _) =>
            {
                await seen.Writer.WriteAsync($"{number}");
                if (number == 2 && failures++ < 2)
                {
                    throw new IOException("not now");
                }
            },
            error => TellAsync(seen, error),
            new EventSequenceTokenV2(0));

        Assert.Equal(["0", "numbers/1@1", "2", "0", "2", "0", "2", "3"], await TakeAsync(seen, 8));
    }

    [Fact]
    public async Task A_subscriber_of_batches_gets_those_that_can_be_read()
    {
        await AppendAsync(partition: 3, "0", "x", "2");
        var seen = Channel.CreateUnbounded<string>();

        await Streams.GetStream<int>(PipelineStreams.Partition(Numbers.Source, 3))
            .SubscribeAsync(new BatchObserver(seen), new EventSequenceTokenV2(0));

        Assert.Equal(["numbers/3@1", "0 2"], await TakeAsync(seen, 2));
    }

    [Fact]
    public async Task A_subscriber_of_bytes_gets_null_for_no_value_and_empty_for_an_empty_one_as_they_were_pushed()
    {
        var stream = Streams.GetStream<byte[]?>(PipelineStreams.Partition(Numbers.Source, 4));
        var seen = Channel.CreateUnbounded<string>();
        await stream.SubscribeAsync(
            (bytes, _) => seen.Writer.WriteAsync(bytes is null ? "none" : $"{bytes.Length}").AsTask(), new EventSequenceTokenV2(0));

        await stream.OnNextBatchAsync([null, [], [1, 2]]);

        Assert.Equal(["none", "0", "2"], await TakeAsync(seen, 3));
    }

    [Fact]
    public async Task Events_that_no_reader_would_take_are_refused_at_the_push()
    {
        var stream = Streams.GetStream<byte[]>(PipelineStreams.Partition(Numbers.Source, 0));

        var large = await Assert.ThrowsAsync<InvalidRecordBatchException>(() => stream.OnNextAsync(new byte[2 << 20]));
        var many = await Assert.ThrowsAsync<InvalidRecordBatchException>(
            () => stream.OnNextBatchAsync(Enumerable.Repeat(new byte[1 << 19], 20)));

        Assert.Contains("the limit of a record is 1048576", large.Message);
        Assert.Contains("Push fewer at once", many.Message);
    }

    [Fact]
    public async Task A_subscriber_ahead_of_the_end_is_told_once_and_gets_its_records_when_they_come()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, 10, only: 6);
        var grain = _cluster.Silos.Client.GetGrain<ISubscriberGrain>(6);

        await grain.ReadFromAsync(15);

        Assert.Contains("Offset 15 of partition numbers/6 is out of range", Assert.Single(await grain.TakeErrorsAsync(1)));
        await Numbers.AppendAsync(_cluster.Store, 10, 10, only: 6);
        Assert.Equal(Enumerable.Range(15, 5), await grain.TakeAsync(5));
        Assert.Single(await grain.TakeErrorsAsync(1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task A_topic_made_again_is_told_of_and_read_from_its_start_however_long_it_is(int records)
    {
        var news = new TopicPartition("news", 0);
        using var folder = new TemporaryDirectory();
        await using var store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = folder["news.db"] });
        await store.CreateTopicAsync(news.Topic, new TopicSettings { Partitions = 1 });
        await AppendAsync(store, news, "0", "1", "2", "3", "4");
        var stream = PipelineStreams.Partition(news.Topic, 0);
        var reader = new PartitionReader(
            new ReaderContext(store, new StreamValues(new PipelineCatalog(), TimeProvider.System), TimeProvider.System), news);
        using var cursor = (PartitionCursor)reader.GetCacheCursor(stream, new EventSequenceTokenV2(0));
        Assert.Equal((0, 5), (await NextAsync(reader, cursor)).Range);

        await store.DeleteTopicAsync(news.Topic);
        await store.CreateTopicAsync(news.Topic, new TopicSettings { Partitions = 1 });
        await AppendAsync(store, news, [.. Enumerable.Range(5, records).Select(number => $"{number}")]);

        var told = new List<Exception>();
        var batches = await NextAsync(reader, cursor);
        while (!batches.HasRecords)
        {
            batches.Failed = told.Add;
            batches.ReportRange();
            batches = await NextAsync(reader, cursor);
        }

        // The reader may look at the new topic before or after the append.
        switch (Assert.Single(told))
        {
            case OffsetOutOfRangeException outside:
                Assert.Equal((news, 5, 0), (outside.Partition, outside.Offset, outside.Start));
                Assert.True(outside.End is 0 || (outside.End == records && records < 5), $"The end is {outside.End}.");
                break;
            case TopicReplacedException replaced:
                Assert.True(records >= 5);
                Assert.Contains("was 5 of the old one. The records of the new one come from offset 0 on.", replaced.Message);
                break;
            case var other:
                Assert.Fail($"{other}");
                break;
        }

        Assert.Equal(Enumerable.Range(5, records), batches.GetEvents<int>().Select(item => item.Item1));
        reader.Release();
    }

    private static async Task<StreamBatchContainer> NextAsync(PartitionReader reader, PartitionCursor cursor)
    {
        while (!cursor.MoveNext())
        {
            await reader.GetQueueMessagesAsync(1);
        }

        return (StreamBatchContainer)cursor.GetCurrent(out _)!;
    }

    private static Task TellAsync(Channel<string> seen, Exception error) =>
        seen.Writer.WriteAsync(error is UnreadableRecordException unreadable ? $"{unreadable.Partition}@{unreadable.Offset}" : error.Message)
            .AsTask();

    private static async Task<List<string>> TakeAsync(Channel<string> channel, int count)
    {
        var items = new List<string>();
        while (items.Count < count)
        {
            items.Add(await channel.Reader.ReadAsync());
        }

        return items;
    }

    private sealed class BatchObserver(Channel<string> seen) : IAsyncBatchObserver<int>
    {
        public Task OnNextAsync(IList<SequentialItem<int>> items) =>
            seen.Writer.WriteAsync(string.Join(' ', items.Select(item => item.Item))).AsTask();

        public Task OnErrorAsync(Exception ex) => TellAsync(seen, ex);

        public Task OnCompletedAsync() => Task.CompletedTask;
    }

    private Task AppendAsync(int partition, params string?[] values) =>
        AppendAsync(_cluster.Store, new TopicPartition(Numbers.Source, partition), values);

    private static async Task AppendAsync(SqliteStore store, TopicPartition partition, params string?[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, value is null ? default : Encoding.UTF8.GetBytes(value), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        await store.AppendAsync(partition, builder.Build());
    }
}
