using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Adds an example to each body of a request or response: by its type, or by its content type if it is not JSON.</summary>
internal sealed class ExampleBodies : IOpenApiOperationTransformer
{
    private const string Resource = "examples.json";

    private static readonly IReadOnlyDictionary<string, string> Texts = new Dictionary<string, string>
    {
        [MediaTypes.NewlineDelimitedJson] = "{\"customer\":\"c-1\",\"cents\":4200}\n{\"customer\":\"c-2\",\"cents\":1999}\n",
        [MediaTypes.Events] = "id: 0:15,1:5\n\nid: 0:16,1:5\nevent: record\ndata: "
            + "{\"partition\":0,\"offset\":15,\"timestamp\":1769860800000,\"key\":\"till-7\",\"value\":{\"drawer\":\"open\"},\"headers\":{}}\n\n",
    };

    private readonly JsonObject _examples = ReadAll();

    public static JsonObject ReadAll()
    {
        using var resource = typeof(ExampleBodies).Assembly.GetManifestResourceStream(Resource)!;
        return JsonNode.Parse(resource)!.AsObject();
    }

    /// <summary>Returns the example of a content type that is text but not JSON; null for others.</summary>
    public static string? TextOf(string contentType) => Texts.GetValueOrDefault(contentType);

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var taken in metadata.OfType<IAcceptsMetadata>())
        {
            Exemplify(operation.RequestBody?.Content, taken.RequestType);
        }

        foreach (var answered in metadata.OfType<IProducesResponseTypeMetadata>())
        {
            if (operation.Responses?.GetValueOrDefault($"{answered.StatusCode}")?.Content is { } content)
            {
                Exemplify(content, answered.Type);
                ExampleProblems.Exemplify(content, answered.StatusCode, context.Document!);
            }
        }

        return Task.CompletedTask;
    }

    private void Exemplify(IDictionary<string, OpenApiMediaType>? content, Type? type)
    {
        foreach (var (mediaType, body) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            body.Example = mediaType == MediaTypes.Json ? _examples[type?.Name ?? ""]?.DeepClone() : TextOf(mediaType);
        }
    }
}
