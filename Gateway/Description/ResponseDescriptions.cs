using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Gives each answer the description that its endpoint has for it, instead of the status in words.</summary>
internal sealed class ResponseDescriptions : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var answer in context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>())
        {
            if (operation.Responses?.GetValueOrDefault(answer.StatusCode.ToString()) is { } response)
            {
                response.Description = answer.Description;
            }
        }

        return Task.CompletedTask;
    }
}
