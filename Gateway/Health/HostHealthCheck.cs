using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orleans.Pipeline.Gateway.Health;

/// <summary>
/// Healthy until the host begins to stop, so that a load balancer sends requests elsewhere before the server refuses them.
/// </summary>
internal sealed class HostHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The host is stopping.")
            : HealthCheckResult.Healthy("The host is up."));
}
