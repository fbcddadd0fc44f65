using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The topic log over HTTP does, and throws, what the store behind the gateway does.</summary>
public sealed class TopicsOverHttpTests : ClientTest
{
    private static readonly TopicPartition Partition = new("orders", 0);

    [Fact]
    public async Task A_topic_is_created_found_listed_and_deleted_with_its_settings()
    {
        var settings = new TopicSettings
        {
            Partitions = 3,
            RetentionAge = TimeSpan.FromHours(1.5),
            RetentionBytes = 1 << 20,
            DiscardUnread = true,
            LagLimit = 7,
        };

        var created = await Client.Topics.CreateTopicAsync("payments", settings);

        Assert.Equal(await Gateway.Store.FindTopicAsync("payments"), created);
        Assert.Equal(settings, created.Settings);
        Assert.Equal(created, await Client.Topics.FindTopicAsync("payments"));
        Assert.Equal(await Gateway.Store.ListTopicsAsync(), await Client.Topics.ListTopicsAsync());
        await Client.Admin.DeleteTopicAsync("payments");
        Assert.Null(await Client.Topics.FindTopicAsync("payments"));
    }

    [Fact]
    public async Task A_topic_that_keeps_its_records_whatever_their_age_stays_so()
    {
        var created = await Client.Topics.CreateTopicAsync("ledger", new TopicSettings { RetentionAge = null });

        Assert.Null(created.Settings.RetentionAge);
        Assert.Null((await Gateway.Store.FindTopicAsync("ledger"))!.Settings.RetentionAge);
    }

    [Fact]
    public async Task Batches_are_appended_once_and_read_back_as_they_are()
    {
        var producer = await Client.Topics.OpenProducerAsync("name");
        var first = RecordBatch.Trust(Batch(producer.Id, producer.Epoch, sequence: 0, "a", "b"));
        var second = RecordBatch.Trust(Batch(producer.Id, producer.Epoch, sequence: 2, "c"));

        Assert.Equal(new AppendResult(0, 2, IsRepeat: false), await Client.Topics.AppendAsync(Partition, first));
        Assert.Equal(new AppendResult(0, 2, IsRepeat: true), await Client.Topics.AppendAsync(Partition, first));
        Assert.Equal(new AppendResult(2, 3, IsRepeat: false), await Client.Topics.AppendAsync(Partition, second));

        var read = await Client.Topics.ReadAsync(Partition, offset: 1, maximumBytes: 1 << 20, wait: TimeSpan.Zero);
        var stored = await Gateway.Store.ReadAsync(Partition, offset: 1, maximumBytes: 1 << 20, wait: TimeSpan.Zero);
        Assert.Equal(
            stored.Select(batch => Convert.ToHexString(batch.Bytes.Span)), read.Select(batch => Convert.ToHexString(batch.Bytes.Span)));
        Assert.Equal([0L, 2L], read.Select(batch => batch.BaseOffset));
        Assert.Equal(await Gateway.Store.GetBoundsAsync(Partition), await Client.Topics.GetBoundsAsync(Partition));
    }

    [Fact]
    public async Task A_read_at_the_end_waits_for_an_append()
    {
        var read = Client.Topics.ReadAsync(Partition, offset: 0, maximumBytes: 1 << 20, wait: Timeout.InfiniteTimeSpan).AsTask();
        await Gateway.ArrivalAsync("/v1/topics/orders/partitions/0/records");
        Assert.False(read.IsCompleted);

        await Gateway.Store.AppendAsync(Partition, RecordBatch.Trust(Batch("a")));

        Assert.Equal(0, Assert.Single(await read).BaseOffset);
    }

    [Fact]
    public async Task A_read_at_the_end_answers_nothing_when_its_wait_is_over_and_stops_when_cancelled()
    {
        Assert.Empty(await Client.Topics.ReadAsync(Partition, offset: 0, maximumBytes: 1 << 20, wait: TimeSpan.FromMilliseconds(20)));

        using var cancellation = new CancellationTokenSource();
        var read = Client.Topics.ReadAsync(Partition, offset: 0, maximumBytes: 1 << 20, wait: Timeout.InfiniteTimeSpan, cancellation.Token)
            .AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Several_partitions_are_read_as_one_that_waits_for_any_of_them()
    {
        await Gateway.Store.AppendAsync(Partition, RecordBatch.Trust(Batch("a")));

        var first = Assert.Single(await Client.Topics.ReadAnyAsync("orders", [new(0, 0), new(1, 0)], 1 << 20, Timeout.InfiniteTimeSpan));
        Assert.Equal((0, "a"), (first.Partition, ValueOf(first.Batches.Single())));
        Assert.Empty(await Client.Topics.ReadAnyAsync("orders", [new(0, 1), new(1, 0)], 1 << 20, TimeSpan.FromMilliseconds(20)));

        var read = Client.Topics.ReadAnyAsync("orders", [new(0, 1), new(1, 0)], 1 << 20, Timeout.InfiniteTimeSpan).AsTask();
        await Gateway.ArrivalAsync("/v1/topics/orders/reads");
        await Gateway.Store.AppendAsync(new("orders", 1), RecordBatch.Trust(Batch("b")));

        var second = Assert.Single(await read);
        Assert.Equal((1, "b"), (second.Partition, ValueOf(second.Batches.Single())));
    }

    [Fact]
    public async Task An_offset_is_found_by_time()
    {
        var builder = new RecordBatchBuilder();
        foreach (var year in new[] { 2020, 2021 })
        {
            builder.Append(default, Encoding.UTF8.GetBytes($"{year}"), Year(year).ToUnixTimeMilliseconds());
            await Gateway.Store.AppendAsync(Partition, builder.Build());
        }

        Assert.Equal(1, await Client.Topics.FindOffsetAsync(Partition, Year(2020).AddDays(1).ToOffset(TimeSpan.FromHours(5))));
        Assert.Equal(2, await Client.Topics.FindOffsetAsync(Partition, Year(2022)));
    }

    [Fact]
    public async Task The_errors_of_the_log_come_back_as_they_were_thrown()
    {
        var producer = await Client.Topics.OpenProducerAsync("name");
        var missing = new TopicPartition("missing", 0);
        var batch = RecordBatch.Trust(Batch("a"));

        Assert.Equal(
            "missing", (await ThrowsAlikeAsync<UnknownTopicException>(log => log.AppendAsync(missing, batch).AsTask())).Topic.Value);
        Assert.Equal(9, (await ThrowsAlikeAsync<UnknownPartitionException>(log => log.AppendAsync(
            new("orders", 9),
            batch).AsTask())).Partition.Partition);
        Assert.Equal(
            (0L, 0L),
            Range(await ThrowsAlikeAsync<OffsetOutOfRangeException>(log => log.ReadAsync(Partition, 5, 1, TimeSpan.Zero).AsTask())));
        await ThrowsAlikeAsync<TopicExistsException>(log => log.CreateTopicAsync("orders", new TopicSettings { Partitions = 5 }).AsTask());
        await ThrowsAlikeAsync<UnknownPartitionException>(log => log.GetBoundsAsync(new("orders", 2)).AsTask());
        await ThrowsAlikeAsync<UnknownTopicException>(log => log.FindOffsetAsync(missing, Year(2020)).AsTask());
        var outOfRange = await ThrowsAlikeAsync<OffsetOutOfRangeException>(log => log.ReadAnyAsync(
            "orders",
            [new(0, 0), new(1, 5)],
            1,
            TimeSpan.Zero).AsTask());
        Assert.Equal((new TopicPartition("orders", 1), 5L), (outOfRange.Partition, outOfRange.Offset));
        Assert.Equal(9, (await ThrowsAlikeAsync<UnknownPartitionException>(log => log.ReadAnyAsync("orders", [new(9, 0)], 1, TimeSpan.Zero).AsTask())).Partition.Partition);

        var gap = RecordBatch.Trust(Batch(producer.Id, producer.Epoch, sequence: 3, "d"));
        Assert.Equal(0, (await ThrowsAlikeAsync<SequenceGapException>(log => log.AppendAsync(Partition, gap).AsTask())).Expected);
        for (var sequence = 0; sequence < 7; sequence++)
        {
            await Client.Topics.AppendAsync(Partition, RecordBatch.Trust(Batch(producer.Id, producer.Epoch, sequence, "a")));
        }

        var old = RecordBatch.Trust(Batch(producer.Id, producer.Epoch, sequence: 0, "a"));
        await ThrowsAlikeAsync<DuplicateSequenceException>(log => log.AppendAsync(Partition, old).AsTask());
        await Client.Topics.OpenProducerAsync("name");
        await ThrowsAlikeAsync<ProducerFencedException>(log => log.AppendAsync(Partition, old).AsTask());
    }

    [Fact]
    public async Task A_request_that_the_gateway_refuses_for_another_reason_says_its_code()
    {
        var failure =
            await Assert.ThrowsAsync<PipelineRequestException>(() => Client.Topics.OpenProducerAsync(new string('x', 200)).AsTask());

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (failure.Status, failure.Code));
        Assert.Contains("200 characters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_reached_is_an_unavailable_store()
    {
        await using var client = new PipelineClient(FreeAddress());

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => client.Topics.ListTopicsAsync().AsTask());

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_in_time_is_an_unavailable_store()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = new PipelineClient(
            new Uri($"http://{silent.LocalEndpoint}"), new PipelineClientSettings { RequestTimeout = TimeSpan.FromMilliseconds(100) });

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => client.Topics.ListTopicsAsync().AsTask());

        Assert.Contains("was not answered within 00:00:00.1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://localhost", "'ftp://localhost' is not the address of a gateway")]
    [InlineData("/v1", "is not the address of a gateway")]
    [InlineData("localhost:5080", "'localhost:5080' is not the address of a gateway")]
    [InlineData("not an address", "'not an address' is not the address of a gateway")]
    [InlineData("http://", "'http://' is not the address of a gateway")]
    [InlineData("http://me:hunter2@localhost:5080", "The address of gateway 'localhost' has a user name")]
    [InlineData("ftp://me:hunter2@localhost", "'localhost' is not the address of a gateway")]
    [InlineData("http://localhost:5080?key=hunter2", "The address of gateway 'localhost' has a user name, a query")]
    public void An_address_that_is_none_of_a_gateway_is_refused_without_its_secrets(string address, string fault)
    {
        var failure = Assert.Throws<ArgumentException>(() => new PipelineClient(address));

        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    private async Task<T> ThrowsAlikeAsync<T>(Func<ITopicLog, Task> act)
        where T : PipelineException
    {
        var local = await Assert.ThrowsAsync<T>(() => act(Gateway.Store));
        var remote = await Assert.ThrowsAsync<T>(() => act(Client.Topics));
        Assert.Equal(local.Message, remote.Message);
        return remote;
    }

    private static (long Start, long End) Range(OffsetOutOfRangeException failure) => (failure.Start, failure.End);

    private static DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
