using System.Text.Json;
using Microsoft.OpenApi;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Adds an example of each kind of problem to the OpenAPI document. The responses with its status refer to it.</summary>
internal static class ExampleProblems
{
    public static void AddProblems(this OpenApiDocument document)
    {
        var components = document.Components ??= new OpenApiComponents();
        components.Examples = ProblemKinds.All.ToDictionary(kind => kind.Code, IOpenApiExample (kind) => new OpenApiExample
        {
            Summary = kind.Title,
            Value = JsonSerializer.SerializeToNode(kind.With(kind.Example), WireJson.Default.Problem),
        });
    }

    public static void Exemplify(IDictionary<string, OpenApiMediaType> content, int status, OpenApiDocument document)
    {
        if (content.TryGetValue(MediaTypes.Problem, out var problem))
        {
            problem.Examples = ProblemKinds.All.Where(kind => kind.Status == status)
                .ToDictionary(kind => kind.Code, IOpenApiExample (kind) => new OpenApiExampleReference(kind.Code, document));
        }
    }
}
