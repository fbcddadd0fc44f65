using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Sets the description of each response to that of its endpoint. The default is the status in words.</summary>
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
