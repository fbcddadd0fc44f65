using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class OpenApiTests : GatewayTest
{
    private const string DocumentPath = "/openapi/v1.json";

    [Fact]
    public async Task Every_route_is_described_with_a_summary_a_description_and_answers()
    {
        var paths = (await GetJsonAsync(DocumentPath))["paths"]!;

        foreach (var (method, path) in MappedRoutes())
        {
            var operation = paths[path]?[method];
            Assert.True(operation is not null, $"{method} {path} is not described.");
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} has no summary.");
            Assert.False(string.IsNullOrEmpty((string?)operation["description"]), $"{method} {path} has no description.");
            var answers = operation["responses"]!.AsObject();
            Assert.Contains(answers, answer => answer.Key.StartsWith('2'));
            Assert.All(
                answers,
                answer => Assert.False(string.IsNullOrEmpty((string?)answer.Value!["description"]), $"{method} {path} {answer.Key}"));
        }
    }

    [Fact]
    public async Task Every_parameter_and_property_has_a_description()
    {
        var document = await GetJsonAsync(DocumentPath);

        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                foreach (var parameter in operation!["parameters"]?.AsArray() ?? [])
                {
                    Assert.False(
                        string.IsNullOrEmpty((string?)parameter!["description"]),
                        $"{method} {path}: {parameter["name"]} has no description.");
                }
            }
        }

        foreach (var (schema, content) in document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (name, property) in content!["properties"]?.AsObject() ?? [])
            {
                var described = property!["oneOf"]?.AsArray().Last() ?? property;
                Assert.True(described!.AsObject().ContainsKey("description"), $"{schema}.{name} has no description.");
            }
        }
    }

    [Fact]
    public async Task Every_error_under_v1_is_described_as_a_problem_document()
    {
        foreach (var (path, operations) in (await GetJsonAsync(DocumentPath))["paths"]!.AsObject().Where(path => path.Key.StartsWith("/v1/")))
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                var errors = operation!["responses"]!.AsObject().Where(answer => answer.Key[0] is '4' or '5').ToList();
                Assert.NotEmpty(errors);
                Assert.All(errors, error => Assert.True(
                    error.Value!["content"]!.AsObject().ContainsKey("application/problem+json"), $"{method} {path} {error.Key}"));
            }
        }
    }

    [Fact]
    public async Task The_bodies_of_appends_and_reads_are_described_in_each_form()
    {
        var paths = (await GetJsonAsync(DocumentPath))["paths"]!;

        Assert.Equal([BatchType], Types(paths["/v1/topics/{topic}/partitions/{partition}/batches"]!["post"]!["requestBody"]!));
        Assert.Equal([JsonType, NdjsonType], Types(paths["/v1/topics/{topic}/records"]!["post"]!["requestBody"]!));
        Assert.Equal(
            [JsonType, BatchType], Types(paths["/v1/topics/{topic}/partitions/{partition}/records"]!["get"]!["responses"]!["200"]!));
    }

    [Fact]
    public async Task Values_are_described_as_they_are_written()
    {
        var schemas = (await GetJsonAsync(DocumentPath))["components"]!["schemas"]!;

        Assert.Equal("""{"type":"integer","description":"The offset of the batch's first record.","format":"int64"}""", Unescaped(schemas["AppendedBatchBody"]!["properties"]!["baseOffset"]!));
        Assert.Equal("string", (string?)schemas["RunState"]!["type"]);
        Assert.Equal("string", (string?)schemas["TopicName"]!["type"]);
        Assert.NotNull((string?)schemas["TopicName"]!["pattern"]);
        Assert.DoesNotContain(schemas.AsObject(), schema => schema.Value!.ToJsonString().Contains("""["integer","string"]"""));
    }

    [Fact]
    public async Task Answers_are_described_in_the_words_of_their_endpoint()
    {
        var answers = (await GetJsonAsync(DocumentPath))["paths"]!["/v1/topics/{topic}"]!["put"]!["responses"]!;

        Assert.Equal("The topic was created.", (string?)answers["201"]!["description"]);
        Assert.StartsWith("The request is invalid", (string?)answers["400"]!["description"]);
    }

    private static string Unescaped(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static IEnumerable<string> Types(JsonNode body) => body["content"]!.AsObject().Select(content => content.Key);

    private IEnumerable<(string Method, string Path)> MappedRoutes() =>
        from endpoint in Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith("/v1/") || endpoint.RoutePattern.RawText.StartsWith("/health/")
        from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (method.ToLowerInvariant(), endpoint.RoutePattern.RawText);
}
