using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Settings;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Server;

internal static class ServerEndpoints
{
    private const string Product = "Orleans.Pipeline";

    private static readonly string Version =
        typeof(ServerEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapServer(this IEndpointRouteBuilder api) =>
        api.MapGet("/server", Describe)
            .Describe("Server", "Get the gateway", "Returns the gateway's version, time, store and limits, and the caller's name and "
                + "permissions.")
            .RequireAny(Scopes.All)
            .Answers<ServerBody>(200, "The gateway.")
            .Refuses();

    private static IResult Describe(Caller caller, Callers callers, ITopicStore store, GatewaySettings settings, TimeProvider time)
    {
        var limits = settings.Limits;
        return TypedResults.Json(
            new ServerBody(
                Product,
                Version,
                time.GetUtcNow(),
                store.Product,
                store.SchemaVersion,
                callers.AreAsked,
                new ServerLimitsBody(
                    limits.RequestBytes, limits.RecordBytes, limits.BatchBytes, limits.ReadBytes, (long)limits.Wait.TotalMilliseconds),
                new CallerBody(caller.Name, [.. ScopeNames.Of(caller.Scopes)], caller.Topics, caller.Pipelines)),
            WireJson.Default.ServerBody);
    }
}
