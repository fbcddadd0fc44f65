using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Gateway.Health;

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

    [Fact]
    public async Task A_gateway_whose_store_is_locked_is_not_ready_and_is_ready_again_after()
    {
        using (OtherWriter.Begin(Gateway.DatabasePath))
        {
            var body = await JsonAsync(await Http.GetAsync("/health/ready"), HttpStatusCode.ServiceUnavailable);

            var failed = Assert.Single(Checks(body), check => (string?)check["status"] == "Unhealthy");
            Assert.Equal("store", (string?)failed["name"]);
            Assert.Contains("write transaction", (string?)failed["reason"], StringComparison.Ordinal);
        }

        await GetJsonAsync("/health/ready");
    }

    [Fact]
    public async Task A_gateway_whose_store_is_locked_for_longer_than_a_check_may_take_says_so()
    {
        await using var gateway = await GatewayHost.StartAsync(
            settings => settings.HealthTimeout = TimeSpan.FromMilliseconds(200), busyTimeout: TimeSpan.FromMinutes(1));
        using var other = OtherWriter.Begin(gateway.DatabasePath);

        var body = await JsonAsync(await gateway.Http.GetAsync("/health/ready"), HttpStatusCode.ServiceUnavailable);

        var failed = Assert.Single(Checks(body), check => (string?)check["status"] == "Unhealthy");
        Assert.StartsWith("The store did not take a small write in time.", (string?)failed["reason"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/v1/server")]
    [InlineData("/v1/topics")]
    [InlineData("/v1/topics/orders")]
    [InlineData("/v1/pipelines")]
    [InlineData("/v1/nodes")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        using var get = await Http.GetAsync(path);
        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_has_the_status_of_GET_when_the_answer_is_an_error()
    {
        using var unknown = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/topics/nothing"));
        using var tail = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/topics/orders/tail"));
        await Gateway.Store.DisposeAsync();
        using var unready = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health/ready"));

        Assert.Equal((404, 405, 503), ((int)unknown.StatusCode, (int)tail.StatusCode, (int)unready.StatusCode));
    }

    [Fact]
    public async Task HEAD_is_answered_over_HTTP_2_too()
    {
        using var head = await Gateway.Http2.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health/ready")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Each_change_of_the_answer_is_logged_once()
    {
        var log = new CollectedLog();
        await using var gateway = await GatewayHost.StartAsync(build: builder => builder.Logging.AddProvider(log));
        await gateway.Http.GetAsync("/health/ready");
        Assert.Equal([(LogLevel.Information, "The host is ready for requests.")], News());

        await gateway.Store.DisposeAsync();
        await gateway.Http.GetAsync("/health/ready");
        await gateway.Http.GetAsync("/health/ready");
        var (level, text) = Assert.Single(News().Skip(1));
        Assert.Equal(LogLevel.Warning, level);
        Assert.StartsWith("The host is not ready for requests. store: ", text, StringComparison.Ordinal);

        List<(LogLevel Level, string Text)> News() =>
            [.. log.Lines.Where(line => line.Category == typeof(GatewayReadiness).FullName).Select(line => (line.Level, line.Text))];
    }

    private static IEnumerable<JsonNode> Checks(JsonNode body) => body["checks"]!.AsArray().Select(check => check!);
}
