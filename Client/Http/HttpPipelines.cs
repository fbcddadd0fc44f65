using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client.Http;

internal sealed class HttpPipelines(HttpWire wire)
{
    public async ValueTask<IReadOnlyList<PipelineStatus>> ListStatusesAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/pipelines");
        return (await wire.SendAsync(request, WireJson.Default.PipelineListBody, cancellationToken).ConfigureAwait(false)).Pipelines;
    }

    public ValueTask<PipelineStatus> GetStatusAsync(string pipeline, CancellationToken cancellationToken = default) =>
        wire.SendAsync(WireRequest.ToPipeline(HttpMethod.Get, pipeline), WireJson.Default.PipelineStatus, cancellationToken);

    public ValueTask<PipelineStatus> PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        wire.SendAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/pause"), WireJson.Default.PipelineStatus, cancellationToken);

    public ValueTask<PipelineStatus> ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        wire.SendAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/resume"), WireJson.Default.PipelineStatus, cancellationToken);

    public ValueTask<PipelineStatus> SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default)
    {
        var request = WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/seek").WithJson(SeekBody.Of(target), WireJson.Default.SeekBody);
        return wire.SendAsync(request, WireJson.Default.PipelineStatus, cancellationToken);
    }

    public ValueTask<PipelineStatus> DrainAsync(string pipeline, CancellationToken cancellationToken = default)
    {
        var request = WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/drain") with { Wait = Timeout.InfiniteTimeSpan };
        return wire.SendAsync(request, WireJson.Default.PipelineStatus, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<UndefinedStage>> ListUndefinedAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/pipelines");
        return (await wire.SendAsync(request, WireJson.Default.PipelineListBody, cancellationToken).ConfigureAwait(false)).Undefined ?? [];
    }

    public async ValueTask<IReadOnlyList<UndefinedStage>> ForgetAsync(
        string pipeline, string? stage, CancellationToken cancellationToken = default)
    {
        var request = WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/forget")
            .WithJson(new ForgetBody(stage), WireJson.Default.ForgetBody);
        return (await wire.SendAsync(request, WireJson.Default.ForgottenBody, cancellationToken).ConfigureAwait(false)).Forgotten;
    }

    public async ValueTask<long> GetLagAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        (await wire.SendAsync(WireRequest.ToTopic(HttpMethod.Get, topic), WireJson.Default.TopicDetailBody, cancellationToken)
            .ConfigureAwait(false)).Lag;

    public async ValueTask<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/nodes");
        return (await wire.SendAsync(request, WireJson.Default.NodeListBody, cancellationToken).ConfigureAwait(false)).Nodes;
    }
}
