namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The producer in the process of the store, with threads of its own accord.</summary>
public sealed class ProducerInProcessTests : ClientTest
{
    [Fact]
    public async Task Senders_that_do_not_wait_keep_their_order_while_memory_is_short()
    {
        const int Senders = 4;
        const int Records = 5_000;
        await using var producer = new Producer(
            Gateway.Store, "orders", new ProducerSettings { MaximumMemoryBytes = 4_000, BatchBytes = 500, Linger = TimeSpan.Zero });

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var sends = new List<Task>();
            for (var number = 0; number < Records; number++)
            {
                sends.Add(producer.SendAsync($"sender-{sender}", $"{sender}:{number}").AsTask());
            }

            await Task.WhenAll(sends);
        })));

        var values = (await ValuesAsync(0)).Concat(await ValuesAsync(1)).ToList();
        for (var sender = 0; sender < Senders; sender++)
        {
            Assert.Equal(
                Enumerable.Range(0, Records).Select(number => $"{sender}:{number}"),
                values.Where(value => value.StartsWith($"{sender}:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_restarted_producer_of_the_same_name_fences_the_one_before_it()
    {
        await using var zombie = new Producer(Gateway.Store, "orders", new ProducerSettings { Name = "billing", Linger = TimeSpan.Zero });
        await zombie.SendAsync("k", "1");
        await using var successor = new Producer(
            Gateway.Store, "orders", new ProducerSettings { Name = "billing", Linger = TimeSpan.Zero });
        var sent = await successor.SendAsync("k", "2");

        await Assert.ThrowsAsync<ProducerFencedException>(() => zombie.SendAsync("k", "3").AsTask());

        Assert.Equal(["1", "2"], await ValuesAsync(sent.Partition.Partition));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "billing")]
    [InlineData(false, "billing")]
    public async Task A_producer_notices_that_its_topic_was_made_again_with_more_partitions(bool overHttp, string? name)
    {
        var settings = new ProducerSettings { Name = name, Linger = TimeSpan.Zero };
        await using var producer = overHttp ? Client.CreateProducer("orders", settings) : new Producer(Gateway.Store, "orders", settings);
        await producer.OpenAsync();
        await Gateway.Store.DeleteTopicAsync("orders");
        await Gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 64 });

        await Assert.ThrowsAsync<TopicReplacedException>(() => producer.SendAsync("k", "never sent").AsTask());
        await Assert.ThrowsAsync<TopicReplacedException>(() => producer.SendAsync("k", "sent later").AsTask());

        await using var next = overHttp ? Client.CreateProducer("orders", settings) : new Producer(Gateway.Store, "orders", settings);
        await next.SendAsync("k", "v");
        Assert.Equal(1, (await Gateway.Store.GetTopicBoundsAsync("orders")).Sum(bounds => bounds.End));
    }
}
