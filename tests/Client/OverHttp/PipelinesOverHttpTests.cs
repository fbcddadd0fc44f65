using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The engine over HTTP, of a gateway that copies <c>orders</c> by the pipeline <c>copy</c>.</summary>
public sealed class PipelinesOverHttpTests : ClientTest
{
    [Fact]
    public async Task The_status_of_pipelines_is_that_of_the_engine()
    {
        await Client.Admin.DrainAsync("copy");

        var status = await Client.Admin.DescribePipelineAsync("copy");

        Assert.Equal(("copy", RunState.Paused, 0L), (status.Name, status.State, status.Lag));
        var stage = Assert.Single(status.Stages);
        Assert.Equal("orders", stage.Source.Value);
        Assert.Equal([0, 1], stage.Tasks.Select(task => task.Partition));
        Assert.Equal("copy", Assert.Single(await Client.Admin.ListPipelinesAsync()).Name);
    }

    [Fact]
    public async Task The_nodes_are_those_of_the_engine()
    {
        var local = Assert.Single(await Gateway.App.Services.GetRequiredService<IPipelineEngine>().ListNodesAsync());

        var remote = Assert.Single(await Client.Admin.ListNodesAsync());

        Assert.Equal(
            (local.Name, local.State, local.StartedAt, local.Version), (remote.Name, remote.State, remote.StartedAt, remote.Version));
        Assert.Equal((local.Load!.Tasks, local.Load.Cores), (remote.Load!.Tasks, remote.Load.Cores));
    }

    [Fact]
    public async Task A_pipeline_is_paused_moved_resumed_and_drained()
    {
        await Client.Topics.AppendAsync(new("orders", 1), RecordBatch.Trust(Batch("1", "2", "3")));
        await Client.Admin.DrainAsync("copy");
        await Client.Admin.SeekAsync("copy", SeekTarget.At(partition: 1, offset: 1));
        Assert.Equal(2, await Client.Admin.GetLagAsync("orders"));
        await Client.Admin.SeekAsync("copy", SeekTarget.End);
        Assert.Equal(0, await Client.Admin.GetLagAsync("orders"));
        await Client.Admin.SeekAsync("copy", SeekTarget.At(DateTimeOffset.UnixEpoch));
        Assert.Equal(3, await Client.Admin.GetLagAsync("orders"));

        await Client.Admin.ResumeAsync("copy");
        await Client.Admin.DrainAsync("copy");

        Assert.Equal(0, await Client.Admin.GetLagAsync("orders"));
        await Client.Admin.ResumeAsync("copy");
        await Client.Admin.PauseAsync("copy");
        Assert.Equal(RunState.Paused, (await Client.Admin.DescribePipelineAsync("copy")).State);
    }

    [Fact]
    public async Task The_errors_of_the_engine_come_back_as_they_were_thrown()
    {
        await Client.Admin.PauseAsync("copy");

        await ThrowsAlikeAsync<UnknownPipelineException>(engine => engine.PauseAsync("no such"), admin => admin.PauseAsync("no such"));
        await ThrowsAlikeAsync<InvalidSeekException>(
            engine => engine.SeekAsync("copy", SeekTarget.At(partition: 7, offset: 0)),
            admin => admin.SeekAsync("copy", SeekTarget.At(partition: 7, offset: 0)));
        await ThrowsAlikeAsync<PipelinePausedException>(engine => engine.DrainAsync("copy"), admin => admin.DrainAsync("copy"));
        await Assert.ThrowsAsync<UnknownTopicException>(() => Client.Admin.GetLagAsync("missing").AsTask());
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))));

    private async Task ThrowsAlikeAsync<T>(
        Func<IPipelineEngine, ValueTask> inProcess, Func<PipelineAdmin, ValueTask<PipelineStatus>> overHttp)
        where T : PipelineException
    {
        var local = await Assert.ThrowsAsync<T>(() => inProcess(Gateway.App.Services.GetRequiredService<IPipelineEngine>()).AsTask());
        var remote = await Assert.ThrowsAsync<T>(() => overHttp(Client.Admin).AsTask());
        Assert.Equal(local.Message, remote.Message);
    }
}
