using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Pipeline.Gateway.Pipelines;

namespace Orleans.Pipeline.Gateway.Health;

/// <summary>Healthy when this process runs its share of the pipelines, whatever other processes and the pipelines are doing.</summary>
internal sealed class EngineHealthCheck(GatewayEngine engine) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await engine.Pipelines.FindFaultAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is { } fault
            ? HealthCheckResult.Unhealthy(fault)
            : HealthCheckResult.Healthy("The engine runs.");
}
