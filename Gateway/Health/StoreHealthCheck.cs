using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orleans.Pipeline.Gateway.Health;

internal sealed class StoreHealthCheck(ITopicStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var topics = await store.ListTopicsAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
            await store.CheckWritesAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"The store can be read and written; it has {topics.Count} topics.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The store did not take a small write in time. It is locked by another program, or slow.");
        }
    }
}
