using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Health;

internal static class HealthEndpoints
{
    private const string Tag = "Health";

    public static void AddGatewayHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<GatewayReadiness>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<GatewaySettings>>((checks, settings) =>
        {
            var timeout = settings.Value.HealthTimeout;
            checks.Registrations.Add(Registration<HostHealthCheck>("host", timeout));
            checks.Registrations.Add(Registration<StoreHealthCheck>("store", timeout));
            checks.Registrations.Add(Registration<EngineHealthCheck>("engine", timeout));
        });
    }

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => TypedResults.Json(new LiveBody("live"), WireJson.Default.LiveBody))
            .Describe(Tag, "Is the process alive?", "Returns 200 while the process can respond. If there is no response, restart the "
                + "process.")
            .AllowAnonymous()
            .Answers<LiveBody>(200, "Yes.");
        endpoints.MapGet("/health/ready", ReadyAsync)
            .Describe(Tag, "Is the gateway ready?", "Checks that the store can be read and written and that this process runs its share of "
                + "the pipelines. Other processes do not count. If not, send requests to another gateway.")
            .AllowAnonymous()
            .Answers<ReadyBody>(200, "Yes.")
            .Answers<ReadyBody>(503, "No. The checks have the reason.");
    }

    private static async Task<IResult> ReadyAsync(GatewayReadiness readiness, CancellationToken cancellationToken)
    {
        var report = await readiness.CheckAsync(cancellationToken);
        var ready = GatewayReadiness.IsReady(report);
        var checks = report.Entries.Select(entry => new ReadyCheckBody(
            entry.Key, entry.Value.Status.ToString(), GatewayReadiness.ReasonOf(entry.Value)));
        return TypedResults.Json(new ReadyBody(ready ? ReadyBody.Ready : ReadyBody.Unready, [.. checks]), WireJson.Default.ReadyBody,
            statusCode: ready ? 200 : 503);
    }

    private static HealthCheckRegistration Registration<TCheck>(string name, TimeSpan timeout)
        where TCheck : IHealthCheck =>
        new(name, services => ActivatorUtilities.CreateInstance<TCheck>(services), HealthStatus.Unhealthy, [PipelineGateway.ReadyTag],
            timeout);
}
