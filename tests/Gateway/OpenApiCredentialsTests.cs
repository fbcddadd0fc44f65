using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class OpenApiCredentialsTests : GatewayTest
{
    private static readonly string[] OfWhoIsAsked = ["401", "403", "429", "503"];

    [Fact]
    public async Task A_key_goes_into_its_header_and_a_token_into_Authorization()
    {
        var schemes = (await GetJsonAsync("/openapi/v1.json"))["components"]!["securitySchemes"]!;

        Assert.Equal(
            ("apiKey", "header", "X-Api-Key"),
            ((string?)schemes["ApiKey"]!["type"], (string?)schemes["ApiKey"]!["in"], (string?)schemes["ApiKey"]!["name"]));
        Assert.Equal(("http", "bearer"), ((string?)schemes["Bearer"]!["type"], (string?)schemes["Bearer"]!["scheme"]));
    }

    [Fact]
    public async Task Every_operation_that_needs_something_takes_either_says_what_it_needs_and_has_the_errors_of_who_lacks_it()
    {
        var paths = (await GetJsonAsync("/openapi/v1.json"))["paths"]!;
        foreach (var endpoint in Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var method = Assert.Single(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods).ToLowerInvariant();
            if (paths[endpoint.RoutePattern.RawText!]?[method] is { } operation)
            {
                AssertAgree(endpoint.Metadata.GetMetadata<AccessNeed>() is not null, operation, endpoint.DisplayName!);
            }
        }
    }

    private static void AssertAgree(bool needs, JsonNode operation, string name)
    {
        var security = operation["security"]?.AsArray().Select(requirement => Assert.Single(requirement!.AsObject()).Key) ?? [];

        Assert.Equal(needs ? ["ApiKey", "Bearer"] : [], security);
        Assert.True(
            needs == ((string)operation["description"]!).Contains(" Needs ", StringComparison.Ordinal),
            $"{name}: {operation["description"]}");
        Assert.All(
            needs ? OfWhoIsAsked : [], status => Assert.True(operation["responses"]!.AsObject().ContainsKey(status), $"{name} {status}"));
    }
}
