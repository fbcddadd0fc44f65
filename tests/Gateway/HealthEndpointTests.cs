using System.Net;
using System.Text.Json.Nodes;
using Orleans.Pipeline.Gateway.Tests.Hosting;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class HealthEndpointTests : GatewayTest
{
    [Fact]
    public async Task A_process_that_answers_is_live() =>
        Assert.Equal("""{"status":"live"}""", (await GetJsonAsync("/health/live")).ToJsonString());

    [Fact]
    public async Task A_gateway_whose_store_and_engine_answer_is_ready()
    {
        var body = await GetJsonAsync("/health/ready");

        Assert.Equal("ready", (string?)body["status"]);
        Assert.Equal(["host", "store", "engine"], Checks(body).Select(check => (string?)check["name"]));
        Assert.All(Checks(body), check => Assert.Equal("Healthy", (string?)check["status"]));
    }

    [Fact]
    public async Task A_gateway_whose_store_does_not_answer_is_live_but_not_ready_and_says_why()
    {
        await Gateway.Store.DisposeAsync();

        var body = await JsonAsync(await Http.GetAsync("/health/ready"), HttpStatusCode.ServiceUnavailable);

        Assert.Equal("unready", (string?)body["status"]);
        var failed = Assert.Single(Checks(body), check => (string?)check["status"] == "Unhealthy");
        Assert.Equal("store", (string?)failed["name"]);
        Assert.NotEmpty((string)failed["reason"]!);
        await GetJsonAsync("/health/live");
    }

    private static IEnumerable<JsonNode> Checks(JsonNode body) => body["checks"]!.AsArray().Select(check => check!);
}
