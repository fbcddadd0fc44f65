using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orleans.Pipeline.Gateway.Health;

internal sealed class StoreHealthCheck(ITopicStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var topics = await store.ListTopicsAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy($"The store answers; it has {topics.Count} topics.");
    }
}
