namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <content>The lag.</content>
public sealed partial class ConsumerOverHttpTests
{
    [Fact]
    public async Task The_lag_counts_only_the_partitions_that_the_consumer_reads()
    {
        await AppendAsync(0, "a", "b");
        await AppendAsync(1, "c", "d", "e");
        await using var consumer = Client.CreateConsumer(
            "orders", new() { From = ConsumeFrom.Positions(ConsumerPositions.Parse("0:1,1:0")), Partitions = [0], StopAtEnd = true });

        Assert.Equal(1, await consumer.GetLagAsync());
        Assert.Equal(["b"], (await ValuesAsync(consumer))[0]);
        Assert.Equal(0, await consumer.GetLagAsync());
        var topic = (await Gateway.Store.FindTopicAsync("orders"))!.Id;
        Assert.Equal($"0:2,1:0@{topic:N}", consumer.Positions.ToString());
    }
}
