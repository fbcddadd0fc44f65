using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The consumer against the gateway, over real connections.</summary>
public sealed partial class ConsumerOverHttpTests : ClientTest
{
    [Fact]
    public async Task The_first_program_is_four_lines()
    {
        await AppendAsync(partition: 0, "a");

        await using var client = new PipelineClient(Gateway.Address.ToString());
        await using var consumer = client.CreateConsumer("orders");
        await foreach (var record in consumer.ReadAsync())
        {
            Assert.Equal("orders/0@0 key = a", $"{record} {record.KeyText} = {record.ValueText}");
            break;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_partitions_are_read_to_their_end_in_order(bool useHttp2)
    {
        for (var number = 0; number < 300; number++)
        {
            await AppendAsync(number % 2, $"{number}", "and");
        }

        await using var client = new PipelineClient(
            useHttp2 ? Gateway.Http2Address : Gateway.Address, new PipelineClientSettings { UseHttp2 = useHttp2 });
        await using var consumer = client.CreateConsumer("orders", new() { StopAtEnd = true, ReadBytes = 1_000, PrefetchBytes = 3_000 });
        var read = await ValuesAsync(consumer);

        Assert.Equal(await ValuesAsync(0), read[0]);
        Assert.Equal(await ValuesAsync(1), read[1]);
        var topic = (await Gateway.Store.FindTopicAsync("orders"))!.Id;
        Assert.Equal((topic, $"0:300,1:300@{topic:N}"), (consumer.Positions.TopicId, consumer.Positions.ToString()));
    }

    [Fact]
    public async Task A_reader_at_the_end_is_handed_what_is_appended()
    {
        await AppendAsync(partition: 0, "before");
        await using var consumer = Client.CreateConsumer("orders", new() { From = ConsumeFrom.End });
        var records = consumer.ReadAsync().GetAsyncEnumerator();
        await using var leaving = records;
        var next = records.MoveNextAsync().AsTask();
        await Gateway.ArrivalAsync("/v1/topics/orders/reads");
        Assert.False(next.IsCompleted);

        await AppendAsync(partition: 1, "after");

        Assert.True(await next);
        Assert.Equal(("orders/1@0", "after"), (records.Current.ToString(), records.Current.ValueText));
    }

    [Fact]
    public async Task A_time_begins_at_the_first_record_that_is_not_older_within_its_batch()
    {
        var builder = new RecordBatchBuilder();
        foreach (var second in new[] { 1, 2, 5, 3, 9 })
        {
            builder.Append(default, Encoding.UTF8.GetBytes($"{second}"), second * 1000);
        }

        await Gateway.Store.AppendAsync(new("orders", 0), builder.Build());
        await Gateway.Store.AppendAsync(new("orders", 1), RecordBatch.Trust(Batch("newer")));
        await using var consumer = Client.CreateConsumer(
            "orders", new() { From = ConsumeFrom.Time(DateTimeOffset.FromUnixTimeMilliseconds(2_001)), StopAtEnd = true });

        var read = await ValuesAsync(consumer);

        Assert.Equal(["5", "3", "9"], read[0]);
        Assert.Equal(["newer"], read[1]);
    }

    [Fact]
    public async Task Saved_positions_are_where_the_next_consumer_goes_on()
    {
        await AppendAsync(0, "a", "b", "c");
        await using var first = Client.CreateConsumer("orders", new() { Partitions = [0] });
        await foreach (var record in first.ReadAsync())
        {
            if (record.ValueText == "b")
            {
                break;
            }
        }

        var saved = first.Positions.ToString();
        await AppendAsync(1, "d");
        await using var second = Client.CreateConsumer(
            "orders", new() { From = ConsumeFrom.Positions(ConsumerPositions.Parse(saved)), StopAtEnd = true });

        Assert.StartsWith("0:2@", saved, StringComparison.Ordinal);
        var read = await ValuesAsync(second);
        Assert.Equal(["c"], read[0]);
        Assert.Equal(["d"], read[1]);
    }

    [Fact]
    public async Task Reading_ends_when_it_is_cancelled_or_its_consumer_disposed_wherever_it_waits()
    {
        await using var consumer = Client.CreateConsumer("orders");
        using var cancellation = new CancellationTokenSource();
        var reading = ValuesAsync(consumer, cancellation.Token);
        await Gateway.ArrivalAsync("/v1/topics/orders/reads");
        await Assert.ThrowsAsync<InvalidOperationException>(() => ValuesAsync(consumer));
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading)).CancellationToken);

        reading = ValuesAsync(consumer);
        await Gateway.ArrivalAsync("/v1/topics/orders/reads");
        await consumer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ValuesAsync(consumer));
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_that_says_so()
    {
        await AppendAsync(0, "a");

        await ThrowsAsync<UnknownTopicException>("missing", new ConsumerSettings());
        await ThrowsAsync<UnknownPartitionException>("orders", new() { Partitions = [0, 2] });
        await ThrowsAsync<UnknownPartitionException>("orders", new() { From = ConsumeFrom.Positions(ConsumerPositions.Parse("7:0")) });
        var outside = await ThrowsAsync<OffsetOutOfRangeException>("orders", new() { From = ConsumeFrom.Offset(5), Partitions = [0] });
        Assert.Equal((0L, 1L), (outside.Start, outside.End));
    }

    [Fact]
    public async Task A_gateway_that_stops_ends_the_waits_and_its_readers_do_not_spin()
    {
        await using var consumer = Client.CreateConsumer(
            "orders", new() { InitialBackoff = TimeSpan.FromMinutes(1), MaximumBackoff = TimeSpan.FromMinutes(1) });
        var retried = new TaskCompletionSource<ConsumerRetry>();
        consumer.Retrying += retry => retried.TrySetResult(retry);
        using var cancellation = new CancellationTokenSource();
        var reading = ValuesAsync(consumer, cancellation.Token);
        await Gateway.ArrivalAsync("/v1/topics/orders/reads");

        await Gateway.App.StopAsync();

        var retry = await retried.Task;
        Assert.EndsWith("is stopping.", Assert.IsType<StoreUnavailableException>(retry.Error).Message, StringComparison.Ordinal);
        Assert.Equal(1, retry.Failures);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_consumer_at_the_end_goes_on_when_retention_has_removed_everything()
    {
        await Gateway.Store.CreateTopicAsync("short", new TopicSettings { Partitions = 1, RetentionBytes = 1 });
        await Gateway.Store.AppendAsync(new("short", 0), RecordBatch.Trust(Batch("a")));
        await using var consumer = Client.CreateConsumer("short");
        await using var records = consumer.ReadAsync().GetAsyncEnumerator();
        Assert.True(await records.MoveNextAsync());
        var next = records.MoveNextAsync().AsTask();
        await Gateway.ArrivalAsync("/v1/topics/short/reads");
        await Gateway.Store.UpdateTopicAsync("short", new TopicChange { RetentionAge = TimeSpan.FromDays(1) });

        Assert.Equal(1, await Gateway.Store.TrimAsync(DateTimeOffset.UtcNow.AddDays(2)));

        await Gateway.Store.AppendAsync(new("short", 0), RecordBatch.Trust(Batch("b")));
        Assert.True(await next);
        Assert.Equal(1, records.Current.Offset);
    }

    [Fact]
    public async Task What_retention_removed_before_it_was_read_is_an_error_or_counted_and_passed_over()
    {
        await Gateway.Store.CreateTopicAsync("short", new TopicSettings { Partitions = 1, RetentionBytes = 1 });
        for (var number = 0; number < 5; number++)
        {
            await Gateway.Store.AppendAsync(new("short", 0), RecordBatch.Trust(Batch($"{number}")));
        }

        var saved = ConsumeFrom.Positions(ConsumerPositions.Parse("0:1"));
        await Gateway.Store.TrimAsync(DateTimeOffset.UtcNow);
        var start = (await Gateway.Store.GetBoundsAsync(new("short", 0))).Start;

        var failure = await ThrowsAsync<RecordsLostException>("short", new() { From = saved });
        Assert.Equal(new LostRecords(new("short", 0), Offset: 1, Count: start - 1), failure.Lost);
        LostRecords? lost = null;
        await using var going = Client.CreateConsumer(
            "short", new() { From = saved, WhenOvertaken = WhenOvertaken.GoOn, StopAtEnd = true });
        going.Lost += records => lost = records;
        Assert.Equal(5 - start, (await ValuesAsync(going))[0].Count);
        Assert.Equal(failure.Lost, lost);
        await using var beginning = Client.CreateConsumer("short", new() { StopAtEnd = true });
        Assert.Equal(5 - start, (await ValuesAsync(beginning))[0].Count);
    }

    [Fact]
    public async Task A_busy_partition_does_not_keep_the_records_of_another_waiting()
    {
        for (var number = 0; number < 200; number++)
        {
            await AppendAsync(0, new string('x', 1_000));
        }

        await AppendAsync(1, "quiet");
        await using var consumer = Client.CreateConsumer("orders", new() { ReadBytes = 10_000 });

        var before = 0;
        await foreach (var record in consumer.ReadAsync())
        {
            if (record.Partition.Partition == 1)
            {
                break;
            }

            before++;
        }

        Assert.InRange(before, 0, 40);
    }

    [Fact]
    public async Task Reading_fails_when_the_log_stays_away_for_longer_than_it_may()
    {
        await using var client = new PipelineClient("http://127.0.0.1:1");
        await using var consumer = client.CreateConsumer(
            "orders", new() { RetryTimeout = TimeSpan.FromMilliseconds(50), InitialBackoff = TimeSpan.FromMilliseconds(10) });
        var retries = new List<int>();
        consumer.Retrying += retry => retries.Add(retry.Failures);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ValuesAsync(consumer));

        Assert.Equal(Enumerable.Range(1, retries.Count), retries);
        Assert.NotEmpty(retries);
    }

    [Fact]
    public async Task A_typed_consumer_reads_values_and_goes_on_behind_one_that_it_cannot_read()
    {
        await AppendAsync(0, "1", "not a number", "3");
        await using var consumer = Client.CreateConsumer("orders", new Numbers(), new() { StopAtEnd = true });
        var read = new List<int>();
        InvalidValueException? invalid = null;

        await foreach (var record in consumer.ReadAsync())
        {
            if (record.Error is { } error)
            {
                invalid = error;
                Assert.Same(error, Assert.Throws<InvalidValueException>(() => record.Value));
            }
            else
            {
                read.Add(record.Value);
            }
        }

        Assert.Equal([1, 3], read);
        Assert.Equal(("orders/0", 1L), (invalid!.Partition.ToString(), invalid.Offset));
        Assert.Contains("The value of record orders/0@1 cannot be read as Int32", invalid.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_are_handed_out_whole_and_compressed_ones_unpacked()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("k"u8, "a"u8, 1, [Header.Text("h", "v")]);
        builder.Append(default, default, 2);
        await Gateway.Store.AppendAsync(new("orders", 1), builder.Build(compression: Compression.Gzip));
        await using var consumer = Client.CreateConsumer("orders", new() { StopAtEnd = true });

        await foreach (var batch in consumer.ReadBatchesAsync())
        {
            Assert.Equal(("orders/1", 0L, 2L, 2), (batch.Partition.ToString(), batch.Offset, batch.NextOffset, batch.Count));
            var records = batch.ToList();
            Assert.Equal("v", Assert.Single(records[0].Headers).AsText());
            Assert.Equal(
                (true, true, "k", "a", 1L),
                (records[0].HasKey, records[0].HasValue, records[0].KeyText, records[0].ValueText, records[0].TimestampMs));
            Assert.Equal(
                (false, false, null, null, 2L),
                (records[1].HasKey, records[1].HasValue, records[1].KeyText, records[1].ValueText, records[1].TimestampMs));
            Assert.Equal(2, consumer.Positions.Offsets[1]);
        }

        Assert.StartsWith("0:0,1:2@", consumer.Positions.ToString(), StringComparison.Ordinal);
    }

    private async Task AppendAsync(int partition, params string[] values) =>
        await Gateway.Store.AppendAsync(new("orders", partition), RecordBatch.Trust(Batch(values)));

    private async Task<T> ThrowsAsync<T>(string topic, ConsumerSettings settings)
        where T : Exception
    {
        await using var consumer = Client.CreateConsumer(topic, settings);
        return await Assert.ThrowsAsync<T>(() => ValuesAsync(consumer));
    }

    private static async Task<List<string>[]> ValuesAsync(Consumer consumer, CancellationToken cancellationToken = default)
    {
        List<string>[] values = [[], []];
        await foreach (var record in consumer.ReadAsync(cancellationToken))
        {
            values[record.Partition.Partition].Add(record.ValueText!);
        }

        return values;
    }

    private sealed class Numbers : ISerializer<int>
    {
        public void Serialize(int value, IBufferWriter<byte> destination) => throw new NotSupportedException();

        public int Deserialize(ReadOnlyMemory<byte> bytes) => int.Parse(bytes.Span, CultureInfo.InvariantCulture);
    }
}
