using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Embedded;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class PipelineEndpointTests : GatewayTest
{
    [Fact]
    public async Task Pipelines_are_listed_with_their_stages_and_tasks()
    {
        await JsonAsync(await AppendAsync(Batch("1", "2", "3"), partition: 1));
        await CommittedAsync(3);

        var pipeline = Assert.Single((await GetJsonAsync("/v1/pipelines"))["pipelines"]!.AsArray())!;

        Assert.Equal("copy", (string?)pipeline["name"]);
        Assert.Equal("Running", (string?)pipeline["state"]);
        Assert.Equal("Balanced", (string?)pipeline["profile"]);
        Assert.Equal(3, (long)pipeline["processed"]!);
        Assert.Equal(0, (long)pipeline["lag"]!);
        Assert.Equal(3, (long)pipeline["latency"]!["count"]!);
        var stage = Assert.Single(pipeline["stages"]!.AsArray())!;
        Assert.Equal("orders", (string?)stage["source"]);
        var task = stage["tasks"]![1]!;
        Assert.Equal(1, (int)task["partition"]!);
        Assert.Equal(3, (long)task["nextOffset"]!);
        Assert.Equal(3, (long)task["endOffset"]!);
        Assert.Null(task["error"]);
        Assert.Equal(Environment.MachineName, (string?)task["node"]);
        Assert.Equal(0, (long)task["retries"]!);
        var sink = Assert.Single(stage["sinks"]!.AsArray())!;
        Assert.Equal(("Topic", "orders.copied"), ((string?)sink["kind"], (string?)sink["name"]));
        Assert.True((double)sink["recordsPerSecond"]! > 0);
        Assert.Equal("[]", stage["steps"]!.ToJsonString());
        Assert.Equal(Environment.ProcessorCount, (int)stage["workers"]!["limit"]!);
        Assert.Equal("copy.dead-letters", (string?)pipeline["deadLetterTopic"]);
        Assert.Equal(20, (double)pipeline["settings"]!["commitIntervalMs"]!);
    }

    [Fact]
    public async Task The_nodes_are_listed_with_what_they_own_and_use()
    {
        var node = Assert.Single((await GetJsonAsync("/v1/nodes"))["nodes"]!.AsArray())!;

        Assert.Equal(Environment.MachineName, (string?)node["name"]);
        Assert.Null(node["address"]);
        Assert.Equal("Active", (string?)node["state"]);
        Assert.Equal(2, (int)node["load"]!["tasks"]!);
        Assert.True((long)node["load"]!["workingSetBytes"]! > 0);
    }

    [Fact]
    public async Task A_pipeline_is_looked_at_by_name()
    {
        var pipeline = await GetJsonAsync("/v1/pipelines/copy");

        Assert.Equal("copy", (string?)pipeline["name"]);
    }

    [Fact]
    public async Task A_paused_pipeline_takes_in_nothing_until_it_is_resumed()
    {
        Assert.Equal("Paused", (string?)(await PostAsync("pause"))["state"]);
        await JsonAsync(await AppendAsync(Batch("1", "2"), partition: 1));
        Assert.Equal(2, (long)(await GetJsonAsync("/v1/pipelines/copy"))["lag"]!);
        Assert.Equal(2, (long)(await GetJsonAsync("/v1/topics/orders"))["lag"]!);

        Assert.Equal("Running", (string?)(await PostAsync("resume"))["state"]);

        await CommittedAsync(2);
    }

    [Fact]
    public async Task Draining_is_answered_when_all_is_processed_and_leaves_the_pipeline_paused()
    {
        await JsonAsync(await AppendAsync(Batch("1", "2", "3"), partition: 1));

        var drained = await PostAsync("drain");

        Assert.Equal("Paused", (string?)drained["state"]);
        Assert.Equal(0, (long)drained["lag"]!);
        Assert.Equal(3, (long)drained["stages"]![0]!["tasks"]![1]!["nextOffset"]!);
        await AssertProblemAsync(await Http.PostAsync("/v1/pipelines/copy/drain", content: null), 409, "pipeline-paused");
    }

    [Theory]
    [InlineData("""{"to":"start"}""", 0)]
    [InlineData("""{"to":"end"}""", 4)]
    [InlineData("""{"to":"offset","offset":1,"partition":1}""", 1)]
    [InlineData("""{"to":"offset","offset":1,"partition":1,"stage":"orders"}""", 1)]
    [InlineData("""{"to":"time","time":"2000-01-01T00:00:00Z"}""", 0)]
    [InlineData("""{"to":"time","time":"2100-01-01T00:00:00Z"}""", 4)]
    public async Task A_seek_moves_the_tasks_it_names(string body, long nextOffset)
    {
        await JsonAsync(await AppendAsync(Batch("1", "2", "3", "4"), partition: 1));
        await PostAsync("drain");

        var moved = await JsonAsync(await SeekAsync(body));

        Assert.Equal(nextOffset, (long)moved["stages"]![0]!["tasks"]![1]!["nextOffset"]!);
        Assert.Equal(0, (long)moved["stages"]![0]!["tasks"]![0]!["nextOffset"]!);
    }

    [Theory]
    [InlineData("", "invalid-request")]
    [InlineData("{}", "invalid-request")]
    [InlineData("""{"to":"middle"}""", "invalid-request")]
    [InlineData("""{"to":"offset","partition":1}""", "invalid-request")]
    [InlineData("""{"to":"time"}""", "invalid-request")]
    [InlineData("""{"to":"start","stages":"orders"}""", "invalid-request")]
    [InlineData("""{"to":"offset","offset":5,"partition":1}""", "invalid-seek")]
    [InlineData("""{"to":"start","stage":"other"}""", "invalid-seek")]
    [InlineData("""{"to":"start","partition":2}""", "invalid-seek")]
    public async Task A_seek_that_cannot_be_is_refused_and_moves_nothing(string body, string code)
    {
        await JsonAsync(await AppendAsync(Batch("1", "2", "3", "4"), partition: 1));
        await PostAsync("drain");

        await AssertProblemAsync(await SeekAsync(body), 400, code);

        Assert.Equal(4, (long)(await GetJsonAsync("/v1/pipelines/copy"))["stages"]![0]!["tasks"]![1]!["nextOffset"]!);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/drain")]
    [InlineData("POST", "/seek")]
    public async Task A_pipeline_that_is_not_there_is_refused_with_those_that_are(string method, string action)
    {
        var problem = await AssertProblemAsync(await SendAsync(Http, method, "/v1/pipelines/nothing" + action), 404, "unknown-pipeline");

        Assert.Contains("copy", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_host_without_an_engine_has_no_pipelines()
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal("""{"pipelines":[]}""", await gateway.Http.GetStringAsync("/v1/pipelines"));
        Assert.Equal("""{"nodes":[]}""", await gateway.Http.GetStringAsync("/v1/nodes"));
        foreach (var action in new[] { "pause", "resume", "drain", "seek" })
        {
            await AssertProblemAsync(await SendAsync(gateway.Http, "POST", $"/v1/pipelines/copy/{action}"), 404, "unknown-pipeline");
        }

        await AssertProblemAsync(await gateway.Http.GetAsync("/v1/pipelines/copy"), 404, "unknown-pipeline");
    }

    [Fact]
    public async Task A_gateway_whose_engine_has_stopped_is_not_ready_and_says_why()
    {
        await GetJsonAsync("/health/ready");

        await Gateway.App.Services.GetRequiredService<EmbeddedEngine>().StopAsync(CancellationToken.None);

        var body = await JsonAsync(await Http.GetAsync("/health/ready"), HttpStatusCode.ServiceUnavailable);
        var failed = Assert.Single(body["checks"]!.AsArray(), check => (string?)check!["status"] == "Unhealthy")!;
        Assert.Equal("engine", (string?)failed["name"]);
        Assert.Contains("stopped", (string?)failed["reason"]);
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))));

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string method, string path) => http.SendAsync(
        new HttpRequestMessage(new HttpMethod(method), path) { Content = path.EndsWith("seek") ? Content("""{"to":"start"}""", JsonType) : null });

    private async Task<JsonNode> PostAsync(string action) =>
        await JsonAsync(await Http.PostAsync($"/v1/pipelines/copy/{action}", content: null));

    private Task<HttpResponseMessage> SeekAsync(string body) => Http.PostAsync("/v1/pipelines/copy/seek", Content(body, JsonType));

    private Task CommittedAsync(long offset) =>
        Gateway.App.Services.GetRequiredService<EmbeddedEngine>().WhenCommittedAsync(new("copy", "orders", 1), offset);
}
