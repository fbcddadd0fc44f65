namespace Orleans.Pipeline.Gateway.Tests;

/// <summary>Over a topic that is three records behind with a limit of two, read by a paused pipeline.</summary>
public sealed class BackpressureTests : GatewayTest
{
    [Fact]
    public async Task Every_way_to_append_is_pushed_back_with_the_time_to_wait()
    {
        await AssertPushedBackAsync(await AppendAsync(Batch("4")));
        await AssertPushedBackAsync(await Http.PostAsync("/v1/topics/orders/records", Content("4", NdjsonType)));
        await AssertPushedBackAsync(await Http.PostAsync("/v1/topics/orders/records", Content("""{"records":[{"value":4}]}""", JsonType)));

        Assert.Equal(3, await EndAsync(0));
        Assert.Equal(0, await EndAsync(1));
    }

    [Fact]
    public async Task Other_topics_and_reads_go_on()
    {
        await Gateway.Store.CreateTopicAsync("payments", new TopicSettings());

        await JsonAsync(await AppendAsync(Batch("1"), topic: "payments"));
        await GetJsonAsync("/v1/topics/orders/partitions/0/records?offset=0");
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

    private static async Task AssertPushedBackAsync(HttpResponseMessage response)
    {
        var problem = await AssertProblemAsync(response, 429, "backpressure");
        Assert.Equal(625, (int)problem["retryAfterMs"]!);
        Assert.Equal("625", Assert.Single(response.Headers.GetValues("retry-after-ms")));
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }
}
