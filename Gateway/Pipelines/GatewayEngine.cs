using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline.Gateway.Pipelines;

/// <summary>The engine that the gateway asks: the host's, or one without pipelines if the host only keeps topics.</summary>
internal sealed class GatewayEngine(IPipelineEngine? engine)
{
    public IPipelineEngine Pipelines { get; } = engine ?? new NoPipelines();
}
