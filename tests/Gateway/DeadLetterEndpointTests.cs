using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Embedded;

namespace Orleans.Pipeline.Gateway.Tests;

/// <summary>Over a pipeline whose steps fail on records that say so, until it is mended.</summary>
public sealed class DeadLetterEndpointTests : GatewayTest
{
    private const string Letters = "/v1/pipelines/checks/dead-letters";

    private volatile bool _mended;

    [Fact]
    public async Task A_dead_letter_is_listed_with_its_record_and_what_happened_to_it()
    {
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        await SendAsync(1, builder =>
        {
            builder.Append("key"u8, "\"good\""u8, 1_700_000_000_000);
            builder.Append("ключ"u8, """{"fails":"parse","as":"format"}"""u8, 1_700_000_000_001, [Header.Text("trace", "a"), Header.Text("trace", "b")]);
            builder.Append(default, [0xFF, 0x00], 1_700_000_000_002);
            builder.Append([0xFE], default, 1_700_000_000_003);
        });

        var page = await GetJsonAsync(Letters);

        Assert.Null(page["next"]);
        var letters = page["deadLetters"]!.AsArray();
        var first = letters[0]!.AsObject();
        Assert.InRange(DateTimeOffset.Parse((string)first["failedAt"]!), before, DateTimeOffset.UtcNow);
        first.Remove("failedAt");
        var stack = (string)first["error"]!["stack"]!;
        first["error"]!.AsObject().Remove("stack");
        Assert.StartsWith($"   at {typeof(DeadLetterEndpointTests).FullName}.Check(String step, String text)", stack);
        Assert.Equal(
            """{"partition":1,"offset":0,"timestamp":1700000000001,"key":"ключ","value":{"fails":"parse","as":"format"},"headers":{"trace":"b"}"""
            + ""","headerList":[{"name":"trace","text":"a"},{"name":"trace","text":"b"}]"""
            + ""","error":{"type":"System.FormatException","message":"no good"},"step":"parse","attempts":1"""
            + ""","stage":"orders","source":{"topic":"orders","partition":1,"offset":1},"replays":0}""",
            first.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal((null, "/wA="), ((string?)letters[1]!["key"], (string?)letters[1]!["valueBase64"]));
        Assert.Equal("/g==", (string?)letters[2]!["keyBase64"]);
        Assert.False(letters[2]!.AsObject().ContainsKey("value") || letters[2]!.AsObject().ContainsKey("valueBase64"));
        Assert.Equal(letters[1]!.ToJsonString(), (await GetJsonAsync(Letters + "/1/1")).ToJsonString());
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended_and_filters_choose()
    {
        await SendAsync(0, "parse/format", "parse/argument", "divide/format", "parse/format");
        await SendAsync(1, "divide/argument", "parse/format");

        Assert.Equal(["0:0", "0:1"], await PlacesAsync("?limit=2"));
        Assert.Equal("0:1", (string?)(await GetJsonAsync(Letters + "?limit=2"))["next"]);
        Assert.Equal(["0:2", "0:3", "1:0"], await PlacesAsync("?limit=3&after=0:1"));
        Assert.Equal(["1:1"], await PlacesAsync("?limit=3&after=1:0"));
        Assert.Empty(await PlacesAsync("?after=1:9223372036854775807"));
        Assert.Null((await GetJsonAsync(Letters + "?limit=6"))["next"]);
        Assert.Equal(["0:0", "0:3", "1:1"], await PlacesAsync("?errorType=System.FormatException&step=parse"));
        Assert.Equal("0:3", (string?)(await GetJsonAsync(Letters + "?errorType=System.FormatException&step=parse&limit=2"))["next"]);
        Assert.Equal(["0:2"], await PlacesAsync("?step=divide&partition=0"));
        Assert.Empty(await PlacesAsync("?stage=other"));
        Assert.Equal(6, (await PlacesAsync("?stage=orders")).Count);
    }

    [Fact]
    public async Task Errors_are_grouped_by_type_and_step_the_most_frequent_first()
    {
        await SendAsync(0, "divide/format", "parse/format", "divide/argument");
        await SendAsync(1, "parse/format", "parse/format");

        var errors = (await GetJsonAsync(Letters + "/errors"))["errors"]!.AsArray();

        Assert.Equal(
            ["System.FormatException parse 3", "System.ArgumentException divide 1", "System.FormatException divide 1"],
            errors.Select(error => $"{error!["errorType"]} {error["step"]} {error["count"]}"));
        Assert.Equal("no good", (string?)errors[0]!["message"]);
        Assert.True(DateTimeOffset.Parse((string)errors[0]!["first"]!) <= DateTimeOffset.Parse((string)errors[0]!["last"]!));
    }

    [Fact]
    public async Task Replaying_by_a_filter_replays_those_alone_and_once()
    {
        await SendAsync(0, "parse/format", "parse/argument", "divide/format");
        _mended = true;

        Assert.Equal(1, await CountAsync("replay", """{"errorType":"System.FormatException","step":"parse"}"""));
        Assert.Equal(1, await CountAsync("replay", """{"partition":0,"offset":2}"""));
        await CommittedAsync(0, 5);

        Assert.Equal(["0:1"], await PlacesAsync(""));
        Assert.Equal(2, (await Gateway.Store.GetBoundsAsync(new("checked", 0))).End);
        Assert.Equal(0, await CountAsync("replay", """{"errorType":"System.FormatException"}"""));
        Assert.Equal(1, await CountAsync("replay", """{"all":true}"""));
        Assert.Equal(0, await CountAsync("replay", """{"all":true}"""));
    }

    [Fact]
    public async Task Discarded_dead_letters_are_gone_and_their_records_take_no_effect()
    {
        await SendAsync(0, "parse/format", "parse/argument", "divide/format");

        Assert.Equal(2, await CountAsync("discard", """{"step":"parse"}"""));

        Assert.Equal(["0:2"], await PlacesAsync(""));
        Assert.Equal(3, await EndAsync());
        await AssertProblemAsync(await Http.GetAsync(Letters + "/0/0"), 404, "unknown-dead-letter");
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("discard")]
    public async Task One_that_is_settled_or_was_never_there_is_told_apart(string action)
    {
        await SendAsync(0, "parse/format", "parse/format");
        await CountAsync("discard", """{"partition":0,"offset":1}""");

        await AssertProblemAsync(await PostAsync(action, """{"partition":0,"offset":1}"""), 409, "dead-letter-settled");
        var unknown = await AssertProblemAsync(await PostAsync(action, """{"partition":1,"offset":1}"""), 404, "unknown-dead-letter");
        Assert.Contains("'checks.dead-letters'", (string?)unknown["detail"]);
        await AssertProblemAsync(await PostAsync(action, """{"partition":0,"offset":-1}"""), 404, "unknown-dead-letter");
        await AssertProblemAsync(await PostAsync(action, """{"partition":0,"offset":0,"step":"divide"}"""), 404, "unknown-dead-letter");
        await AssertProblemAsync(await PostAsync(action, """{"partition":2,"offset":1}"""), 404, "unknown-partition");
        await AssertProblemAsync(await Http.GetAsync(Letters + "?partition=2"), 404, "unknown-partition");
        Assert.Equal(["0:0"], await PlacesAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"all":false}""")]
    [InlineData("""{"all":true,"step":"parse"}""")]
    [InlineData("""{"offset":0}""")]
    [InlineData("""{"error":"System.FormatException"}""")]
    [InlineData("""{"partition":"first"}""")]
    public async Task A_selection_that_is_unclear_is_refused_and_settles_nothing(string body)
    {
        await SendAsync(0, "parse/format");

        await AssertProblemAsync(await PostAsync("replay", body), 400, "invalid-request");
        await AssertProblemAsync(await PostAsync("discard", body), 400, "invalid-request");

        Assert.Equal(["0:0"], await PlacesAsync(""));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?after=1")]
    [InlineData("?after=-1:0")]
    [InlineData("?partition=first")]
    public async Task A_list_that_is_asked_for_wrongly_is_refused(string query) =>
        await AssertProblemAsync(await Http.GetAsync(Letters + query), 400, "invalid-request");

    [Fact]
    public async Task One_whose_record_would_reach_nobody_is_not_replayed_and_what_follows_neither()
    {
        await SendAsync(0, "parse/format");
        foreach (var (stage, topic, partition) in new[] { ("renamed", "orders", 0), ("orders", "gone", 0), ("orders", "orders", 2) })
        {
            await ForgeAsync(stage, topic, partition);
        }

        await SendAsync(0, "divide/format");

        var renamed = await AssertProblemAsync(await PostAsync("replay", """{"partition":0,"offset":1}"""), 409, "dead-letter-unreplayable");
        Assert.Contains("has no stage 'renamed' any more", (string?)renamed["detail"]);
        var gone = await AssertProblemAsync(await PostAsync("replay", """{"partition":0,"offset":2}"""), 409, "dead-letter-unreplayable");
        Assert.Contains("reads topic 'orders' now, not 'gone'", (string?)gone["detail"]);
        var fewer = await AssertProblemAsync(await PostAsync("replay", """{"partition":0,"offset":3}"""), 409, "dead-letter-unreplayable");
        Assert.Contains("came from partition orders/2, but the topic has 2 partitions", (string?)fewer["detail"]);
        await AssertProblemAsync(await PostAsync("replay", """{"all":true}"""), 409, "dead-letter-unreplayable");

        Assert.Equal(["0:0", "0:1", "0:2", "0:3", "0:4"], await PlacesAsync(""));
        Assert.Equal(
            [true, false, false, false, true],
            (await GetJsonAsync(Letters))["deadLetters"]!.AsArray().Select(letter => letter!["error"]!["stack"] is not null));
        _mended = true; // Or they could be dead letters again by now.
        Assert.Equal(2, await CountAsync("replay", """{"errorType":"System.FormatException"}"""));
        Assert.Equal(3, await CountAsync("discard", """{"all":true}"""));
    }

    [Fact]
    public async Task Records_that_the_pipeline_did_not_write_there_are_no_dead_letters()
    {
        await Gateway.Store.AppendAsync(new("checks.dead-letters", 0), RecordBatch.Validate(Batch("stray")));
        await SendAsync(0, "parse/format");

        Assert.Equal(["0:1"], await PlacesAsync(""));
        Assert.Equal(1, await CountAsync("discard", """{"all":true}"""));
        Assert.Empty(await Gateway.Store.ListSettledAsync(new("checks.dead-letters", 0), 2, 1));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/errors")]
    [InlineData("GET", "/0/0")]
    [InlineData("POST", "/replay")]
    [InlineData("POST", "/discard")]
    public async Task A_pipeline_that_is_not_there_is_refused_though_a_topic_of_that_name_is(string method, string action)
    {
        await Gateway.Store.CreateTopicAsync("nothing.dead-letters", new TopicSettings());
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/pipelines/nothing/dead-letters{action}")
        {
            Content = method == "POST" ? Content("""{"all":true}""", JsonType) : null,
        };

        await AssertProblemAsync(await Http.SendAsync(request), 404, "unknown-pipeline");
    }

    [Fact]
    public async Task A_pipeline_that_has_not_failed_yet_has_no_dead_letters()
    {
        Assert.Equal("""{"deadLetters":[],"next":null}""", await Http.GetStringAsync(Letters));
        Assert.Equal("""{"errors":[]}""", await Http.GetStringAsync(Letters + "/errors"));
        Assert.Equal(0, await CountAsync("discard", """{"all":true}"""));
        await Gateway.Store.DeleteTopicAsync("checks.dead-letters");
        Assert.Equal("""{"deadLetters":[],"next":null}""", await Http.GetStringAsync(Letters));
        await AssertProblemAsync(await PostAsync("replay", """{"partition":0,"offset":0}"""), 404, "unknown-dead-letter");
    }

    [Fact]
    public async Task A_page_of_large_records_ends_early_and_the_next_goes_on()
    {
        for (var count = 0; count < 12; count++)
        {
            await SendAsync(0, builder => builder.Append(default, new byte[1_000_000], timestamp: 0));
        }

        var first = await GetJsonAsync(Letters);

        Assert.Equal(9, first["deadLetters"]!.AsArray().Count);
        Assert.Equal(["0:9", "0:10", "0:11"], await PlacesAsync($"?after={first["next"]}"));
        _mended = true;
        Assert.Equal(12, await CountAsync("replay", """{"all":true}"""));
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        define: pipelines => pipelines.Add("checks", pipeline => pipeline
            .From("orders", Serializers.Text, partitions: 2)
            .Map(text => Check("parse", text), "parse")
            .Map(text => Check("divide", text), "divide")
            .To(Sink.Topic("checked", partitions: 2), key: null, Serializers.Text)));

    private string Check(string step, string text) =>
        _mended || text == "\"good\"" ? text
        : text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["fails"] == step ? throw Error((string)JsonNode.Parse(text)!["as"]!) : text
        : throw new InvalidOperationException("neither good nor bad");

    private static Exception Error(string kind) =>
        kind == "format" ? new FormatException("no good") : new ArgumentException("no good either");

    private Task SendAsync(int partition, params string[] failures) => SendAsync(partition, builder =>
    {
        foreach (var (step, kind) in failures.Select(failure => failure.Split('/')).Select(parts => (parts[0], parts[1])))
        {
            builder.Append(default, Encoding.UTF8.GetBytes($$"""{"fails":"{{step}}","as":"{{kind}}"}"""), timestamp: 0);
        }
    });

    /// <summary>Appends records to a partition and waits until they are processed.</summary>
    private async Task SendAsync(int partition, Action<RecordBatchBuilder> append)
    {
        var builder = new RecordBatchBuilder();
        append(builder);
        var appended = await Gateway.Store.AppendAsync(new("orders", partition), builder.Build());
        await CommittedAsync(partition, appended.NextOffset);
    }

    /// <summary>Appends a dead letter as an earlier definition of the pipeline could have left it.</summary>
    private async Task ForgeAsync(string stage, string topic, int partition)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, "x"u8, 0,
        [
            Header.Text(DeadLetterHeaders.ErrorType, "System.Exception"), Header.Text(DeadLetterHeaders.ErrorMessage, "old"),
            Header.Text(DeadLetterHeaders.Step, "old"), Header.Text(DeadLetterHeaders.Attempts, "1"), Header.Text(
                DeadLetterHeaders.Pipeline, "checks"),
            Header.Text(DeadLetterHeaders.Stage, stage), Header.Text(DeadLetterHeaders.Topic, topic),
            Header.Text(DeadLetterHeaders.Partition, $"{partition}"), Header.Text(DeadLetterHeaders.Offset, "0"),
        ]);
        await Gateway.Store.AppendAsync(new("checks.dead-letters", 0), builder.Build());
    }

    private async Task<List<string>> PlacesAsync(string query) =>
        [.. (await GetJsonAsync(Letters + query))["deadLetters"]!.AsArray().Select(letter => $"{letter!["partition"]}:{letter["offset"]}")];

    private Task<HttpResponseMessage> PostAsync(string action, string body) =>
        Http.PostAsync($"{Letters}/{action}", Content(body, JsonType));

    private async Task<long> CountAsync(string action, string body) =>
        (long)(await JsonAsync(await PostAsync(action, body), HttpStatusCode.OK))["count"]!;

    private Task CommittedAsync(int partition, long offset) =>
        Gateway.App.Services.GetRequiredService<EmbeddedEngine>().WhenCommittedAsync(new("checks", "orders", partition), offset);
}
