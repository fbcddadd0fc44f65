namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Over a topic that is three records behind with a limit of two, read by a paused pipeline.</summary>
public sealed class PushBackOverHttpTests : ClientTest
{
    [Fact]
    public async Task A_push_back_comes_with_the_time_to_wait()
    {
        var failure = await Assert.ThrowsAsync<BackpressureException>(
            () => Client.Topics.AppendAsync(new("orders", 0), RecordBatch.Trust(Batch("4"))).AsTask());

        Assert.Equal(("orders", TimeSpan.FromMilliseconds(625)), (failure.Topic.Value, failure.RetryAfter));
        Assert.Contains("over its limit", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_send_waits_until_the_pipeline_has_caught_up()
    {
        await using var producer = Client.CreateProducer("orders");
        var pushedBack = new TaskCompletionSource();
        producer.PushedBack += _ => pushedBack.TrySetResult();
        var send = producer.SendAsync("k", "4").AsTask();
        await pushedBack.Task;
        Assert.False(send.IsCompleted);

        await Client.Admin.ResumeAsync("copy");

        Assert.Contains("4", await ValuesAsync((await send).Partition.Partition));
        Assert.True(producer.PushedBackCount > 0);
    }

    [Fact]
    public async Task A_send_waits_until_the_limit_is_raised()
    {
        await using var producer = Client.CreateProducer("orders");
        var pushedBack = new TaskCompletionSource();
        producer.PushedBack += _ => pushedBack.TrySetResult();
        var send = producer.SendAsync("k", "4").AsTask();
        await pushedBack.Task;

        await JsonAsync(await Http.PatchAsync("/v1/topics/orders", Content("""{"lagLimit":100}""", JsonType)));

        Assert.Contains("4", await ValuesAsync((await send).Partition.Partition));
    }

    [Fact]
    public async Task A_caller_over_its_rate_waits_and_loses_nothing()
    {
        await using var gateway = await GatewayHost.StartAsync(settings => settings.Limits.RequestsPerSecond = 3);
        await gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });
        await using var client = new PipelineClient(gateway.Address);
        await using var producer = client.CreateProducer("orders", new() { Linger = TimeSpan.Zero, MaximumInFlight = 1 });
        var pushedBack = 0;
        producer.PushedBack += _ => Interlocked.Increment(ref pushedBack);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => producer.SendAsync($"{number}", "v").AsTask()));

        Assert.True(pushedBack > 0);
        Assert.Equal(pushedBack, producer.PushedBackCount);
        await using var consumer = client.CreateConsumer("orders", new() { StopAtEnd = true });
        var read = 0;
        await foreach (var _ in consumer.ReadAsync())
        {
            read++;
        }

        Assert.Equal(20, read);
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines =>
            pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))),
        prepare: async store =>
        {
            await store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2, LagLimit = 2 });
            await store.AppendAsync(new("orders", 0), RecordBatch.Validate(Batch("1", "2", "3")));
            await store.SetPausedAsync("copy", paused: true);
        });
}
