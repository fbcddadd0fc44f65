using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;

namespace Orleans.Pipeline.Gateway.Pipelines;

/// <summary>The processes that run pipelines: look at.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder api) => api.MapGet("/nodes", ListAsync)
        .Describe("Nodes", "List the nodes", "Tells how every process that runs pipelines is doing: what it owns, and what it uses. A silo that does not answer is silent.")
        .RequireAny(Scopes.Operate)
        .Answers<NodeListBody>(200, "The nodes.")
        .Refuses(503);

    private static async Task<IResult> ListAsync(GatewayEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Json(new NodeListBody(await engine.Pipelines.ListNodesAsync(cancellationToken)), GatewayJson.Readable.NodeListBody);
}
