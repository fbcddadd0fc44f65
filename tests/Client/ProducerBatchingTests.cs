using System.Text;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>When a producer sends a batch, to which partition, and what is in it.</summary>
public sealed class ProducerBatchingTests
{
    [Fact]
    public void A_batch_is_sent_when_its_linger_is_over()
    {
        var bench = new ProducerBench();
        var sends = new[] { bench.Send("k", "a"), bench.Send("k", "b") };

        bench.Pass(milliseconds: 4);
        Assert.Empty(bench.Log.Appends);
        bench.Pass(milliseconds: 1);

        var (partition, batch) = Assert.Single(bench.Log.Appends);
        Assert.Equal((0, 2), (partition, batch.Count));
        Assert.Equal(["orders/0@0", "orders/0@1"], sends.Select(send => send.Value.ToString()));
    }

    [Fact]
    public void A_batch_is_sent_when_it_is_full()
    {
        var bench = new ProducerBench(configure: settings => settings with { BatchBytes = 400 });
        var values = Enumerable.Range(0, 40).Select(number => $"value {number}").ToList();

        var sends = values.Select(value => bench.Send("k", value)).ToList();

        Assert.True(bench.Log.Appends.Count > 1);
        Assert.All(bench.Log.Appends, append => Assert.InRange(append.Batch.Bytes.Length, 200, 400));
        bench.Pass(milliseconds: 5);
        Assert.Equal(values, bench.Log.Partitions[0].Values);
        Assert.Equal(Enumerable.Range(0, 40), sends.Select(send => (int)send.Value.Offset));
    }

    [Fact]
    public void A_record_larger_than_a_batch_is_sent_alone()
    {
        var bench = new ProducerBench(configure: settings => settings with { BatchBytes = 100 });

        bench.Send("k", "small");
        bench.Send("k", new string('x', 500));

        Assert.Equal([1, 1], bench.Log.Appends.Select(append => append.Batch.Count));
    }

    [Fact]
    public void With_no_linger_a_record_is_sent_at_once_and_records_gather_only_while_the_window_is_full()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.Zero, MaximumInFlight = 2 });
        bench.Log.IsHolding = true;

        for (var number = 0; number < 10; number++)
        {
            bench.Send("k", $"{number}");
        }

        Assert.Equal([1, 1], bench.Log.Appends.Select(append => append.Batch.Count));
        bench.Answer();
        Assert.Equal([1, 1, 8], bench.Log.Appends.Select(append => append.Batch.Count));
    }

    [Fact]
    public void A_flush_sends_now_and_waits_for_the_answers()
    {
        var bench = new ProducerBench(configure: settings => settings with { Linger = TimeSpan.FromHours(1), DeliveryTimeout = TimeSpan.FromHours(2) });
        bench.Log.IsHolding = true;
        var send = bench.Send("k", "a");

        var flush = bench.Flush();

        Assert.Single(bench.Log.Appends);
        Assert.False(flush.IsCompleted);
        bench.Answer();
        Assert.True(flush.IsDone);
        Assert.True(send.IsDone);
    }

    [Fact]
    public void Disposing_flushes_and_takes_no_more_records()
    {
        var bench = new ProducerBench();
        bench.Log.IsHolding = true;
        var enqueued = bench.Enqueue("k", "a");

        var disposal = bench.Dispose();

        Assert.True(enqueued.IsDone);
        Assert.False(disposal.IsCompleted);
        Assert.Throws<ObjectDisposedException>(() => bench.Send("k", "late"));
        bench.Answer();
        Assert.True(disposal.IsDone);
        Assert.Equal(["a"], bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void Disposing_a_producer_that_sent_nothing_asks_nothing_of_the_log()
    {
        var bench = new ProducerBench();

        Assert.True(bench.Dispose().IsDone);
        Assert.Empty(bench.Log.Opened);
    }

    [Fact]
    public void A_key_chooses_the_partition_as_Kafka_does()
    {
        var bench = new ProducerBench(partitions: 7);
        var keys = Enumerable.Range(0, 50).Select(number => $"key-{number}").ToList();

        var sends = keys.Select(key => bench.Send(key, "value")).ToList();
        bench.Pass(milliseconds: 5);

        Assert.Equal(
            keys.Select(key => KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(key), 7)),
            sends.Select(send => send.Value.Partition.Partition));
        Assert.True(sends.Select(send => send.Value.Partition.Partition).Distinct().Count() > 3);
    }

    [Fact]
    public void Records_without_a_key_fill_one_batch_after_the_other_on_changing_partitions()
    {
        var bench = new ProducerBench(partitions: 4, configure: settings => settings with { BatchBytes = 300 });

        for (var number = 0; number < 400; number++)
        {
            bench.Send(key: null, $"value {number}");
        }

        var full = bench.Log.Appends;
        Assert.True(full.Count > 20);
        Assert.All(full, append => Assert.True(append.Batch.Count > 5));
        Assert.All(full.Zip(full.Skip(1)), pair => Assert.NotEqual(pair.First.Partition, pair.Second.Partition));
        Assert.Equal(4, full.Select(append => append.Partition).Distinct().Count());
    }

    [Fact]
    public void A_record_may_name_its_partition_time_and_headers()
    {
        var bench = new ProducerBench(partitions: 3);
        var time = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero);

        var send =
            bench.Send(ProducerRecord.Text("key", value: null) with { Partition = 2, Timestamp = time, Headers = [Header.Text("h", "v")] });
        bench.Pass(milliseconds: 5);

        Assert.Equal(2, send.Value.Partition.Partition);
        foreach (var record in Assert.Single(bench.Log.Appends).Batch)
        {
            Assert.Equal(time.ToUnixTimeMilliseconds(), record.Timestamp);
            Assert.True(record is { HasKey: true, HasValue: false });
            Assert.Equal("v", Assert.Single(record.ReadHeaders()).AsText());
        }
    }

    [Fact]
    public void A_record_has_the_time_of_its_send()
    {
        var bench = new ProducerBench();

        bench.Send("k", "first");
        bench.Pass(milliseconds: 3);
        bench.Send("k", "second");
        bench.Pass(milliseconds: 2);

        var batch = Assert.Single(bench.Log.Appends).Batch;
        Assert.Equal(bench.Time.GetUtcNow().AddMilliseconds(-5).ToUnixTimeMilliseconds(), batch.BaseTimestamp);
        Assert.Equal(bench.Time.GetUtcNow().AddMilliseconds(-2).ToUnixTimeMilliseconds(), batch.MaximumTimestamp);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", false)]
    public void No_key_is_kept_apart_from_an_empty_one(string? key, bool isNone)
    {
        var bench = new ProducerBench();

        bench.Send(key, "value");
        bench.Pass(milliseconds: 5);

        foreach (var record in Assert.Single(bench.Log.Appends).Batch)
        {
            Assert.Equal(isNone, !record.HasKey);
        }
    }

    [Fact]
    public void A_partition_that_does_not_exist_is_refused_at_once()
    {
        var bench = new ProducerBench(partitions: 2);
        bench.Send("k", "start");

        var failure = Assert.Throws<UnknownPartitionException>(() => bench.Send(new ProducerRecord { Partition = 2 }));

        Assert.Contains("has 2 partitions", failure.Message, StringComparison.Ordinal);
        bench.Pass(milliseconds: 5);
        Assert.Equal(0, bench.Producer.BufferedBytes);
    }

    [Fact]
    public void A_record_over_the_limits_is_refused_at_once_and_the_others_are_sent()
    {
        var bench =
            new ProducerBench(configure: settings => settings with { Limits = new RecordLimits { RecordBytes = 1000, Headers = 1 } });
        var send = bench.Send("k", "value");

        Assert.Throws<InvalidRecordBatchException>(() => bench.Send("k", new string('x', 1000)));
        Assert.Throws<InvalidRecordBatchException>(
            () => bench.Send(new ProducerRecord { Headers = [Header.Text("a", "1"), Header.Text("b", "2")] }));

        bench.Pass(milliseconds: 5);
        Assert.True(send.IsDone);
        Assert.Equal(0, bench.Producer.BufferedBytes);
    }

    [Fact]
    public void A_topic_that_does_not_exist_fails_the_send_and_may_be_created_later()
    {
        var bench = new ProducerBench();
        bench.Log.Exists = false;

        Assert.IsType<UnknownTopicException>(bench.Send("k", "too early").Error);

        bench.Log.Exists = true;
        var send = bench.Send("k", "value");
        bench.Pass(milliseconds: 5);
        Assert.Equal("orders/0@0", send.Value.ToString());
    }

    [Fact]
    public void Batches_are_compressed_when_asked()
    {
        var bench = new ProducerBench(configure: settings => settings with { Compression = Compression.Gzip });

        bench.Send("k", new string('x', 5000));
        bench.Pass(milliseconds: 5);

        var batch = Assert.Single(bench.Log.Appends).Batch;
        Assert.Equal(Compression.Gzip, batch.Compression);
        Assert.True(batch.Bytes.Length < 500);
        Assert.Equal([new string('x', 5000)], bench.Log.Partitions[0].Values);
    }

    [Fact]
    public void A_profile_sets_linger_and_batch_bytes()
    {
        var settings = ProducerSettings.For(PipelineProfile.Throughput);

        Assert.Equal((PipelineProfile.Throughput.Linger, PipelineProfile.Throughput.BatchBytes), (settings.Linger, settings.BatchBytes));
        Assert.Equal(
            (PipelineProfile.Balanced.Linger, PipelineProfile.Balanced.BatchBytes),
            (new ProducerSettings().Linger, new ProducerSettings().BatchBytes));
    }

    [Fact]
    public void A_setting_out_of_range_is_refused_by_name()
    {
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => new ProducerBench(configure: settings => settings with { MaximumInFlight = 6 }));

        Assert.Contains("MaximumInFlight is 6; give 1 to 5", failure.Message, StringComparison.Ordinal);
    }
}
