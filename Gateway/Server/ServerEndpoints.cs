using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Description;

namespace Orleans.Pipeline.Gateway.Server;

/// <summary>The gateway itself: what it is, what it takes, and who is asking.</summary>
internal static class ServerEndpoints
{
    private const string Product = "Orleans.Pipeline";

    private static readonly string Version =
        typeof(ServerEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapServer(this IEndpointRouteBuilder api) =>
        api.MapGet("/server", Describe)
            .Describe("Server", "Look at the gateway", "Tells the gateway's version, time, store and limits, and who the caller is to it and what it may do.")
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
                new ServerLimitsBody(limits.RequestBytes, limits.RecordBytes, limits.BatchBytes, limits.ReadBytes, (long)limits.Wait.TotalMilliseconds),
                new CallerBody(caller.Name, [.. ScopeNames.Of(caller.Scopes)], caller.Topics, caller.Pipelines)),
            GatewayJson.Default.ServerBody);
    }
}
