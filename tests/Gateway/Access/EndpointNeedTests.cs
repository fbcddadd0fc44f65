using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Gateway.Tests.Access;

public sealed class EndpointNeedTests : GatewayTest
{
    private static readonly string[] Open = ["/health/live", "/health/ready", "/openapi/v1.json"];

    [Fact]
    public void Every_endpoint_says_what_its_callers_need_or_is_open_on_purpose()
    {
        foreach (var endpoint in Endpoints())
        {
            var need = endpoint.Metadata.GetMetadata<AccessNeed>();
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

            Assert.True(need is null == isOpen, $"{endpoint.DisplayName} needs {need} and is {(isOpen ? "open" : "closed")}.");
            Assert.Equal(isOpen, Open.Contains(endpoint.RoutePattern.RawText));
        }
    }

    [Fact]
    public void An_endpoint_about_a_topic_or_a_pipeline_needs_it_to_be_among_the_callers_own()
    {
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<AccessNeed>() is not null))
        {
            var need = endpoint.Metadata.GetRequiredMetadata<AccessNeed>();
            var path = endpoint.RoutePattern.RawText!;
            var expected = path switch
            {
                _ when path.StartsWith("/v1/topics/{topic}") => (Subject.Topic, "topic"),
                _ when path.StartsWith("/v1/pipelines/{name}") => (Subject.Pipeline, "name"),
                _ => (Subject.None, ""),
            };

            Assert.True(expected == (need.Subject, need.RouteValue), $"{endpoint.DisplayName} needs {need}.");
            Assert.True(
                expected.Item1 != Subject.None || endpoint.RoutePattern.Parameters.Count == 0 || !path.StartsWith("/v1"),
                $"{endpoint.DisplayName} is about something that nobody checks.");
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
