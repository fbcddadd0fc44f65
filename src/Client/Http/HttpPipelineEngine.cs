using Orleans.Pipeline.Processing;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Client;

/// <summary>The pipelines behind a gateway.</summary>
internal sealed class HttpPipelineEngine(HttpWire wire) : IPipelineEngine
{
    public async ValueTask<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, "v1/pipelines");
        return (await wire.SendAsync(request, WireJson.Default.PipelineListBody, cancellationToken).ConfigureAwait(false)).Pipelines;
    }

    public ValueTask<PipelineStatus> StatusAsync(string pipeline, CancellationToken cancellationToken = default) =>
        wire.SendAsync(WireRequest.ToPipeline(HttpMethod.Get, pipeline), WireJson.Default.PipelineStatus, cancellationToken);

    public ValueTask PauseAsync(string pipeline, CancellationToken cancellationToken = default) =>
        PostAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/pause"), cancellationToken);

    public ValueTask ResumeAsync(string pipeline, CancellationToken cancellationToken = default) =>
        PostAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/resume"), cancellationToken);

    public ValueTask SeekAsync(string pipeline, SeekTarget target, CancellationToken cancellationToken = default)
    {
        var to = target.Position switch
        {
            SeekPosition.Start => "start",
            SeekPosition.End => "end",
            SeekPosition.Offset => "offset",
            SeekPosition.Time => "time",
            _ => throw new ArgumentOutOfRangeException(nameof(target), target.Position, $"The seek position {target.Position} does not exist."),
        };
        var body = new SeekBody(to, target.Offset, target.Time, target.Stage, target.Partition);
        return PostAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/seek").WithJson(body, WireJson.Default.SeekBody), cancellationToken);
    }

    public ValueTask DrainAsync(string pipeline, CancellationToken cancellationToken = default) =>
        PostAsync(WireRequest.ToPipeline(HttpMethod.Post, pipeline, "/drain") with { Wait = Timeout.InfiniteTimeSpan }, cancellationToken);

    public async ValueTask<long> LagAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        (await wire.SendAsync(WireRequest.ToTopic(HttpMethod.Get, topic), WireJson.Default.TopicBody, cancellationToken).ConfigureAwait(false)).Lag;

    private async ValueTask PostAsync(WireRequest request, CancellationToken cancellationToken) =>
        await wire.SendAsync(request, cancellationToken).ConfigureAwait(false);
}
