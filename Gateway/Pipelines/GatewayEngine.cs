using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline.Gateway.Pipelines;

/// <summary>The engine behind the gateway: the host's, or one without pipelines if the host has none.</summary>
internal sealed class GatewayEngine(IPipelineEngine? engine)
{
    public IPipelineEngine Pipelines { get; } = engine ?? new NoPipelines();
}
