using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Pipelines;

internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder api) => api.MapGet("/nodes", ListAsync)
        .Describe("Nodes", "List the nodes", "Lists the processes that run pipelines, with what each owns and uses. A silo that does not "
            + "answer has the state Silent.")
        .RequireAny(Scopes.Operate)
        .Answers<NodeListBody>(200, "The nodes.")
        .Refuses(503);

    private static async Task<IResult> ListAsync(GatewayEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Json(new NodeListBody(await engine.Pipelines.ListNodesAsync(cancellationToken)), WireJson.Readable.NodeListBody);
}
