namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <content>Topics that are deleted and made again.</content>
public sealed partial class ConsumerOverHttpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Saved_positions_of_a_topic_that_was_made_again_are_refused(int partitions)
    {
        await AppendAsync(partition: 0, [.. Enumerable.Range(0, 17).Select(number => $"{number}")]);
        await using var first = Client.CreateConsumer("orders", new() { StopAtEnd = true });
        await ValuesAsync(first);
        var saved = ConsumerPositions.Parse(first.Positions.ToString());
        await MakeAgainAsync(partitions);
        await AppendAsync(partition: 0, [.. Enumerable.Range(0, 40).Select(number => $"{number}")]);

        await ThrowsAsync<TopicReplacedException>("orders", new() { From = ConsumeFrom.Positions(saved) });
        await Assert.ThrowsAsync<TopicReplacedException>(() => ValuesAsync(first));
        var anyTopic = new ConsumerPositions(new Dictionary<int, long> { [0] = 17 });
        await using var any = Client.CreateConsumer("orders", new() { From = ConsumeFrom.Positions(anyTopic), StopAtEnd = true });
        Assert.Equal(23, (await ValuesAsync(any))[0].Count);
    }

    [Fact]
    public async Task A_consumer_does_not_go_on_with_the_next_topic_of_that_name()
    {
        await AppendAsync(partition: 0, "a");
        await using var consumer = Client.CreateConsumer("orders");
        await using var records = consumer.ReadAsync().GetAsyncEnumerator();
        Assert.True(await records.MoveNextAsync());
        var next = records.MoveNextAsync().AsTask();

        await MakeAgainAsync(partitions: 2);
        await AppendAsync(partition: 0, "b", "c");

        var ended = await Assert.ThrowsAnyAsync<PipelineException>(() => next);
        Assert.True(ended is TopicReplacedException or UnknownTopicException, ended.ToString());
    }

    private async Task MakeAgainAsync(int partitions)
    {
        await Gateway.Store.DeleteTopicAsync("orders");
        await Gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = partitions });
    }
}
