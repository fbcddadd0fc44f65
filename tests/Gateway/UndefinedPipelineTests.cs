using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests;

/// <summary>Pipelines that the host no longer defines, by HTTP.</summary>
public sealed class UndefinedPipelineTests : GatewayTest
{
    [Fact]
    public async Task A_pipeline_that_no_host_defines_is_listed_with_its_stage_and_topic_until_it_is_forgotten()
    {
        await JsonAsync(await AppendAsync(Batch("1", "2", "3")));

        var undefined = (await GetJsonAsync("/v1/pipelines"))["undefined"]!.AsArray();
        Assert.Equal(["gone/read orders 3", "gone/write orders 0"], undefined.Select(Describe).Order());
        Assert.NotNull((string?)undefined[0]!["definedAt"]);
        await AssertProblemAsync(await Http.DeleteAsync("/v1/topics/orders"), 409, "topic-in-use");

        var first = (await JsonAsync(await ForgetAsync("gone", """{"stage":"write"}""")))["forgotten"]!.AsArray();
        Assert.Equal(["gone/write orders 0"], first.Select(Describe));
        var second = (await JsonAsync(await ForgetAsync("gone", body: null)))["forgotten"]!.AsArray();
        Assert.Equal(["gone/read orders 3"], second.Select(Describe));

        Assert.Null((await GetJsonAsync("/v1/pipelines"))["undefined"]);
        await AssertProblemAsync(await ForgetAsync("gone", body: null), 404, "unknown-pipeline");
        Assert.Equal(204, (int)(await Http.DeleteAsync("/v1/topics/orders")).StatusCode);
    }

    [Fact]
    public async Task A_pipeline_that_the_host_defines_is_not_forgotten()
    {
        var problem = await AssertProblemAsync(await ForgetAsync("copy", body: null), 409, "pipeline-defined");
        Assert.Contains("'copy'", (string?)problem["detail"], StringComparison.Ordinal);
        await AssertProblemAsync(await ForgetAsync("copy", """{"stage":"source"}"""), 409, "pipeline-defined");

        await AssertProblemAsync(await ForgetAsync("copy", """{"stage":"nothing"}"""), 404, "unknown-pipeline");
        await AssertProblemAsync(await ForgetAsync("nothing", body: null), 404, "unknown-pipeline");
        await AssertProblemAsync(await ForgetAsync("gone", """{"stages":"read"}"""), 400, "invalid-request");
    }

    [Theory]
    [InlineData("source")]
    [InlineData("source.copied")]
    [InlineData("source.checked")]
    [InlineData("copy.dead-letters")]
    public async Task A_topic_that_a_pipeline_reads_or_writes_is_not_deleted(string topic)
    {
        var problem = await AssertProblemAsync(await Http.DeleteAsync($"/v1/topics/{topic}"), 409, "topic-in-use");

        Assert.Contains("used by pipeline 'copy'", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.NotNull(await Gateway.Store.FindTopicAsync(topic));
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("copy", pipeline => pipeline
            .From("source", partitions: 2).To(Sink.Topic("source.copied", partitions: 2)).Through("source.checked").To(Sink.Console())),
        prepare: async store =>
        {
            await store.SetPausedAsync("copy", paused: true);
            await store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });
            await store.TakeOverAsync(new("gone", "read", 0), new("orders", 0), startOffset: 0);
            await store.TakeOverAsync(new("gone", "write", 1), new("orders", 1), startOffset: 0);
        });

    private static string Describe(JsonNode? stage) =>
        $"{stage!["pipeline"]}/{stage["stage"]} {stage["topic"]} {stage["records"]}";

    private Task<HttpResponseMessage> ForgetAsync(string pipeline, string? body) =>
        Http.PostAsync($"/v1/pipelines/{pipeline}/forget", body is null ? null : Content(body, JsonType));
}
