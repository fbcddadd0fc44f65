using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>
/// The OpenAPI document as JSON. It is made once, on the first request, because making it takes much longer than sending it.
/// </summary>
internal sealed class DescriptionDocument
{
    private readonly Lazy<Task<byte[]>> _document;

    public DescriptionDocument([FromKeyedServices(GatewayOpenApi.DocumentName)] IOpenApiDocumentProvider documents) =>
        _document = new(() => Task.Run(() => MakeAsync(documents)));

    public Task<byte[]> ReadAsync() => _document.Value;

    private static async Task<byte[]> MakeAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }
}
