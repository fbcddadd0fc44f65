using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Pipeline.Gateway.Pipelines;

namespace Orleans.Pipeline.Gateway.Health;

/// <summary>Healthy when the engine answers and has started its pipelines, in whatever state they are.</summary>
internal sealed class EngineHealthCheck(GatewayEngine engine) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var pipelines = await engine.Pipelines.ListStatusesAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        return pipelines.Count > 0 && pipelines.All(pipeline => pipeline.State == RunState.Stopped)
            ? HealthCheckResult.Unhealthy("Every pipeline is stopped. The engine has not started, or is stopping.")
            : HealthCheckResult.Healthy($"The engine runs {pipelines.Count} pipelines.");
    }
}
