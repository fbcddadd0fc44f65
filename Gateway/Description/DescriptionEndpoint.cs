using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Serves the OpenAPI document. The endpoint is open to everyone, so a request costs no more than sending the document.</summary>
internal static class DescriptionEndpoint
{
    private const string ContentType = "application/json; charset=utf-8";

    public static void MapDescription(this IEndpointRouteBuilder endpoints)
    {
        var document = endpoints.ServiceProvider.GetRequiredService<DescriptionDocument>();
        endpoints.MapGet(
            $"/openapi/{GatewayOpenApi.DocumentName}.json", async () => TypedResults.Bytes(await document.ReadAsync(), ContentType))
            .ExcludeFromDescription()
            .AllowAnonymous();
    }
}
