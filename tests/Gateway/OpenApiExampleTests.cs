using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class OpenApiExampleTests : GatewayTest
{
    private static readonly JsonSerializerOptions Strict = new(WireJson.Default.Options)
    {
        TypeInfoResolver = WireJson.Default,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    [Fact]
    public async Task Every_body_that_is_taken_or_answered_has_an_example_but_for_bytes()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            var bodies = operation["responses"]!.AsObject()
                .Select(answer => answer.Value!["content"])
                .Append(operation["requestBody"]?["content"]);
            foreach (var (type, body) in bodies.OfType<JsonObject>().SelectMany(content => content))
            {
                var isBytes = (string?)body!["schema"]?["format"] == "binary" && type.Contains("vnd.orleans-pipeline");
                Assert.True(
                    isBytes || body["example"] is not null || body["examples"] is JsonObject { Count: > 0 },
                    $"{name}: {type} has no example.");
            }
        }
    }

    [Fact]
    public async Task Every_error_answer_refers_to_examples_with_its_status()
    {
        var document = await GetJsonAsync("/openapi/v1.json");
        var examples = document["components"]!["examples"]!.AsObject();
        foreach (var (name, operation) in await OperationsAsync())
        {
            foreach (var (status, answer) in operation["responses"]!.AsObject())
            {
                foreach (var (code, example) in answer!["content"]?["application/problem+json"]?["examples"]?.AsObject() ?? [])
                {
                    Assert.True((string?)example!["$ref"] == $"#/components/examples/{code}", $"{name} {status} {code}: {example}");
                    Assert.Equal(status, $"{(int)examples[code]!["value"]!["status"]!}");
                }
            }
        }

        Assert.Equal(ProblemKinds.All.Select(kind => kind.Code).Order(), examples.Select(example => example.Key).Order());
    }

    [Fact]
    public void Every_example_is_of_the_type_that_it_is_for_and_every_type_has_one()
    {
        var examples = ExampleBodies.ReadAll();
        var types = BodyTypes()
            .Where(type => type != typeof(Problem) && type != typeof(byte[]) && type != typeof(string) && type != typeof(void))
            .ToHashSet();

        Assert.Equal(types.Select(type => type.Name).Order(), examples.Select(example => example.Key).Order());
        foreach (var type in types)
        {
            Assert.NotNull(examples[type.Name].Deserialize(Strict.GetTypeInfo(type)));
        }
    }

    [Fact]
    public void Every_kind_of_problem_is_among_all_of_them() => Assert.Equal(
        typeof(ProblemKinds).GetFields().Select(field => field.GetValue(null)).OfType<ProblemKind>().Select(kind => kind.Code).Order(),
        ProblemKinds.All.Select(kind => kind.Code).Order());

    private IEnumerable<Type> BodyTypes() =>
        from endpoint in Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        from type in endpoint.Metadata.OfType<IAcceptsMetadata>().Select(taken => taken.RequestType)
            .Concat(endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(answered => answered.Type))
        where type is not null && Described(endpoint)
        select type;

    private static bool Described(Microsoft.AspNetCore.Http.Endpoint endpoint) =>
        endpoint is RouteEndpoint route
            && (route.RoutePattern.RawText!.StartsWith("/v1/") || route.RoutePattern.RawText.StartsWith("/health/"));

    private async Task<IEnumerable<(string Name, JsonNode Operation)>> OperationsAsync() =>
        from path in (await GetJsonAsync("/openapi/v1.json"))["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!);
}
