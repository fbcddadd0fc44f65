namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The producer against the gateway, over real connections.</summary>
public sealed class ProducerOverHttpTests : ClientTest
{
    [Fact]
    public async Task The_first_program_is_four_lines()
    {
        await using var client = new PipelineClient(Gateway.Address.ToString());
        await using var producer = client.CreateProducer("orders");
        var offset = await producer.SendAsync("key", "value");

        Assert.Equal($"orders/{KeyPartitioner.PartitionOf("key"u8, 2)}@0", offset.ToString());
        Assert.Equal(["value"], await ValuesAsync(offset.Partition.Partition));
    }

    [Theory]
    [InlineData(false, Compression.None)]
    [InlineData(true, Compression.None)]
    [InlineData(false, Compression.Gzip)]
    public async Task Records_of_many_senders_are_there_once_at_their_offsets_and_in_order(bool useHttp2, Compression compression)
    {
        const int Senders = 4;
        const int Records = 2_000;
        await using var client = new PipelineClient(
            useHttp2 ? Gateway.Http2Address : Gateway.Address, new PipelineClientSettings { UseHttp2 = useHttp2 });
        await using var producer = client.CreateProducer("orders", new ProducerSettings { BatchBytes = 4096, Compression = compression });

        var results = await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var sends = new List<Task<SendResult>>();
            for (var number = 0; number < Records; number++)
            {
                sends.Add(producer.SendAsync($"sender-{sender}", $"{sender}:{number}").AsTask());
            }

            return await Task.WhenAll(sends);
        })));

        var values = new[] { await ValuesAsync(0), await ValuesAsync(1) };
        Assert.Equal(Senders * Records, values[0].Count + values[1].Count);
        for (var sender = 0; sender < Senders; sender++)
        {
            Assert.Equal(
                Enumerable.Range(0, Records).Select(number => $"{sender}:{number}"),
                results[sender].Select(result => values[result.Partition.Partition][(int)result.Offset]));
            Assert.True(results[sender].Zip(results[sender].Skip(1)).All(pair => pair.First.Offset < pair.Second.Offset));
        }
    }

    [Fact]
    public async Task A_named_producer_that_is_opened_again_learns_how_far_it_had_come_and_fences_the_older_one()
    {
        var settings = new ProducerSettings { Name = "daily-export" };
        await using var first = Client.CreateProducer("orders", settings);
        await first.SendAsync(new ProducerRecord { Value = "a"u8.ToArray(), Partition = 0 });
        await first.SendAsync(new ProducerRecord { Value = "b"u8.ToArray(), Partition = 0 });

        await using var second = Client.CreateProducer("orders", settings);
        var identity = await second.OpenAsync();

        Assert.Equal([2, 0], await Client.GetProducerProgressAsync("orders", identity.Id));
        await Assert.ThrowsAsync<ProducerFencedException>(() => first.SendAsync("key", "late").AsTask());
        await second.SendAsync(new ProducerRecord { Value = "c"u8.ToArray(), Partition = 1 });
        Assert.Equal([2, 1], await Client.GetProducerProgressAsync("orders", identity.Id));
    }

    [Fact]
    public async Task Opening_a_producer_tells_at_once_that_its_topic_is_not_there()
    {
        await using var producer = Client.CreateProducer("nothing");

        await Assert.ThrowsAsync<UnknownTopicException>(() => producer.OpenAsync().AsTask());
    }

    [Fact]
    public async Task A_send_goes_through_when_the_store_can_write_again()
    {
        await using var producer = Client.CreateProducer(
            "orders", new ProducerSettings { Linger = TimeSpan.Zero, InitialBackoff = TimeSpan.FromMilliseconds(10) });
        await producer.SendAsync("key", "before");
        Task<SendResult> send;
        using (OtherWriter.Begin(Gateway.DatabasePath))
        {
            send = producer.SendAsync("key", "during").AsTask();
            var path = $"/v1/topics/orders/partitions/{KeyPartitioner.PartitionOf("key"u8, 2)}/batches";
            for (var arrival = 0; arrival < 3; arrival++)
            {
                await Gateway.ArrivalAsync(path);
            }

            Assert.False(send.IsCompleted);
        }

        Assert.Equal(["before", "during"], await ValuesAsync((await send).Partition.Partition));
    }
}
