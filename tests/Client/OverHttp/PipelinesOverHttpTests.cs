using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Operations;
using Orleans.Pipeline.Records;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>The engine over HTTP, of a gateway that copies <c>orders</c> by the pipeline <c>copy</c>.</summary>
public sealed class PipelinesOverHttpTests : ClientTest
{
    [Fact]
    public async Task The_status_of_pipelines_is_that_of_the_engine()
    {
        await Client.Pipelines.DrainAsync("copy");

        var status = await Client.Pipelines.StatusAsync("copy");

        Assert.Equal(("copy", RunState.Paused, 0L), (status.Name, status.State, status.Lag));
        var stage = Assert.Single(status.Stages);
        Assert.Equal("orders", stage.Source.Value);
        Assert.Equal([0, 1], stage.Tasks.Select(task => task.Partition));
        Assert.Equal("copy", Assert.Single(await Client.Pipelines.StatusAsync()).Name);
    }

    [Fact]
    public async Task The_nodes_are_those_of_the_engine()
    {
        var local = Assert.Single(await Gateway.App.Services.GetRequiredService<IPipelineEngine>().NodesAsync());

        var remote = Assert.Single(await Client.Pipelines.NodesAsync());

        Assert.Equal((local.Name, local.State, local.StartedAt, local.Version), (remote.Name, remote.State, remote.StartedAt, remote.Version));
        Assert.Equal((local.Load!.Tasks, local.Load.Cores), (remote.Load!.Tasks, remote.Load.Cores));
    }

    [Fact]
    public async Task A_pipeline_is_paused_moved_resumed_and_drained()
    {
        await Client.Topics.AppendAsync(new("orders", 1), RecordBatch.Trust(Batch("1", "2", "3")));
        await Client.Pipelines.DrainAsync("copy");
        await Client.Pipelines.SeekAsync("copy", SeekTarget.At(partition: 1, offset: 1));
        Assert.Equal(2, await Client.Pipelines.LagAsync("orders"));
        await Client.Pipelines.SeekAsync("copy", SeekTarget.End);
        Assert.Equal(0, await Client.Pipelines.LagAsync("orders"));
        await Client.Pipelines.SeekAsync("copy", SeekTarget.At(DateTimeOffset.UnixEpoch));
        Assert.Equal(3, await Client.Pipelines.LagAsync("orders"));

        await Client.Pipelines.ResumeAsync("copy");
        await Client.Pipelines.DrainAsync("copy");

        Assert.Equal(0, await Client.Pipelines.LagAsync("orders"));
        await Client.Pipelines.ResumeAsync("copy");
        await Client.Pipelines.PauseAsync("copy");
        Assert.Equal(RunState.Paused, (await Client.Pipelines.StatusAsync("copy")).State);
    }

    [Fact]
    public async Task The_errors_of_the_engine_come_back_as_they_were_thrown()
    {
        await Client.Pipelines.PauseAsync("copy");

        await ThrowsAlikeAsync<UnknownPipelineException>(engine => engine.PauseAsync("no such"));
        await ThrowsAlikeAsync<InvalidSeekException>(engine => engine.SeekAsync("copy", SeekTarget.At(partition: 7, offset: 0)));
        await ThrowsAlikeAsync<PipelinePausedException>(engine => engine.DrainAsync("copy"));
        await Assert.ThrowsAsync<UnknownTopicException>(() => Client.Pipelines.LagAsync("missing").AsTask());
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))));

    private async Task ThrowsAlikeAsync<T>(Func<IPipelineEngine, ValueTask> act)
        where T : PipelineException
    {
        var local = await Assert.ThrowsAsync<T>(() => act(Gateway.App.Services.GetRequiredService<IPipelineEngine>()).AsTask());
        var remote = await Assert.ThrowsAsync<T>(() => act(Client.Pipelines).AsTask());
        Assert.Equal(local.Message, remote.Message);
    }
}
