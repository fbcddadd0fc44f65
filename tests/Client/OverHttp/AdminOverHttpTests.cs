namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>What operators do through a client, at a gateway that copies <c>orders</c> by the pipeline <c>copy</c>.</summary>
public sealed class AdminOverHttpTests : ClientTest
{
    [Fact]
    public async Task A_topic_is_created_described_listed_and_deleted()
    {
        var created = await Client.Admin.CreateTopicAsync("payments", new TopicSettings { Partitions = 3, RetentionBytes = 1 << 20 });
        await Client.Topics.AppendAsync(new("payments", 1), RecordBatch.Trust(Batch("a", "b")));

        var details = await Client.Admin.DescribeTopicAsync("payments");

        Assert.Equal(created, details.Description);
        Assert.Equal([0L, 2L, 0L], details.Partitions.Select(partition => partition.End));
        Assert.Equal(
            (2L, (await Gateway.Store.GetBoundsAsync(new("payments", 1))).Bytes, 0L), (details.Records, details.Bytes, details.Lag));
        Assert.Contains(created, await Client.Admin.ListTopicsAsync());
        await Client.Admin.DeleteTopicAsync("payments");
        await Assert.ThrowsAsync<UnknownTopicException>(() => Client.Admin.DescribeTopicAsync("payments").AsTask());
    }

    [Fact]
    public async Task A_topic_without_settings_has_the_defaults() =>
        Assert.Equal(new TopicSettings(), (await Client.Admin.CreateTopicAsync("ledger")).Settings);

    [Fact]
    public async Task A_pipeline_is_paused_moved_resumed_and_drained_and_each_answer_says_how_it_is_doing()
    {
        await Client.Topics.AppendAsync(new("orders", 1), RecordBatch.Trust(Batch("1", "2", "3")));

        Assert.Equal((RunState.Paused, 0L), StateOf(await Client.Admin.DrainAsync("copy")));
        Assert.Equal((RunState.Paused, 2L), StateOf(await Client.Admin.SeekAsync("copy", SeekTarget.At(partition: 1, offset: 1))));
        Assert.Equal(2, (await Client.Admin.DescribeTopicAsync("orders")).Lag);
        Assert.Equal(RunState.Running, (await Client.Admin.ResumeAsync("copy")).State);
        Assert.Equal((RunState.Paused, 0L), StateOf(await Client.Admin.DrainAsync("copy")));
        await Client.Admin.ResumeAsync("copy");
        Assert.Equal(RunState.Paused, (await Client.Admin.PauseAsync("copy")).State);
        Assert.Equal("copy", Assert.Single(await Client.Admin.ListPipelinesAsync()).Name);
        Assert.Equal("copy", (await Client.Admin.DescribePipelineAsync("copy")).Name);
        await Assert.ThrowsAsync<UnknownPipelineException>(() => Client.Admin.PauseAsync("no such").AsTask());
    }

    [Fact]
    public async Task A_gateway_tells_whether_it_is_ready_and_which_checks_say_so()
    {
        var readiness = await Client.Admin.CheckReadinessAsync();

        Assert.True(readiness.IsReady);
        Assert.Equal(["host", "store", "engine"], readiness.Checks.Select(check => check.Name));
        Assert.All(readiness.Checks, check => Assert.Equal("Healthy", check.Status));
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))));

    private static (RunState State, long Lag) StateOf(PipelineStatus status) => (status.State, status.Lag);
}
