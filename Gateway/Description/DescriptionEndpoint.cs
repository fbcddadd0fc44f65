using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>The OpenAPI document over HTTP. It is open to everybody, so that it costs no more than sending it.</summary>
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
