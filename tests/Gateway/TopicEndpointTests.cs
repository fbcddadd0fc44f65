using System.Net;
using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class TopicEndpointTests : GatewayTest
{
    [Fact]
    public async Task A_topic_is_created_with_every_setting_asked_for()
    {
        var created = await PutAsync(
            "payments", """{"partitions":3,"retentionAgeSeconds":1.5,"retentionBytes":1000,"discardUnread":true,"lagLimit":77}""");

        var body = await JsonAsync(created, HttpStatusCode.Created);
        Assert.Equal("/v1/topics/payments", created.Headers.Location?.ToString());
        Assert.Equal("payments", (string?)body["name"]);
        Assert.Equal(3, (int)body["partitions"]!);
        Assert.Equal(1.5, (double)body["retentionAgeSeconds"]!);
        Assert.Equal(1000, (long)body["retentionBytes"]!);
        Assert.True((bool)body["discardUnread"]!);
        Assert.Equal(77, (long)body["lagLimit"]!);
        Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse((string)body["createdAt"]!).Offset);
        var stored = await Gateway.Store.FindTopicAsync("payments");
        Assert.Equal(
            new TopicSettings { Partitions = 3, RetentionAge = TimeSpan.FromSeconds(1.5), RetentionBytes = 1000, DiscardUnread = true, LagLimit = 77 },
            stored?.Settings);
    }

    [Fact]
    public async Task A_topic_created_without_a_body_has_the_defaults()
    {
        await JsonAsync(await Http.PutAsync("/v1/topics/payments", content: null), HttpStatusCode.Created);

        Assert.Equal(new TopicSettings(), (await Gateway.Store.FindTopicAsync("payments"))?.Settings);
    }

    [Fact]
    public async Task Null_for_the_retention_age_keeps_records_whatever_their_age()
    {
        await JsonAsync(await PutAsync("payments", """{"retentionAgeSeconds":null}"""), HttpStatusCode.Created);

        Assert.Null((await Gateway.Store.FindTopicAsync("payments"))?.Settings.RetentionAge);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"partitions":2,"lagLimit":5}""")]
    public async Task Creating_a_topic_that_exists_answers_it_as_it_is(string body)
    {
        var answer = await JsonAsync(await PutAsync("orders", body), HttpStatusCode.OK);

        Assert.Equal(2, (int)answer["partitions"]!);
        Assert.Equal(10_000_000, (long)answer["lagLimit"]!);
    }

    [Fact]
    public async Task A_topic_that_exists_with_other_partitions_is_refused() =>
        await AssertProblemAsync(await PutAsync("orders", """{"partitions":3}"""), 409, "topic-exists");

    [Theory]
    [InlineData("Orders", "{}", "invalid-topic-name")]
    [InlineData("payments", """{"partitions":0}""", "invalid-topic-settings")]
    [InlineData("payments", """{"partitions":1025}""", "invalid-topic-settings")]
    [InlineData("payments", """{"retentionAgeSeconds":-1}""", "invalid-topic-settings")]
    [InlineData("payments", """{"retentionAgeSeconds":1e300}""", "invalid-topic-settings")]
    [InlineData("payments", """{"lagLimit":0}""", "invalid-topic-settings")]
    [InlineData("payments", """{"partition":1}""", "invalid-request")]
    [InlineData("payments", """{"partitions":"many"}""", "invalid-request")]
    [InlineData("payments", "{", "invalid-request")]
    public async Task A_topic_that_is_not_valid_is_refused_and_not_created(string name, string body, string code)
    {
        await AssertProblemAsync(await PutAsync(name, body), 400, code);

        Assert.Equal(["orders"], (await Gateway.Store.ListTopicsAsync()).Select(topic => topic.Topic.Value));
    }

    [Fact]
    public async Task Topics_are_listed_by_name()
    {
        await PutAsync("payments", "{}");
        await PutAsync("access-log", "{}");

        var topics = (JsonArray)(await GetJsonAsync("/v1/topics"))["topics"]!;

        Assert.Equal(["access-log", "orders", "payments"], topics.Select(topic => (string?)topic!["name"]));
    }

    [Fact]
    public async Task A_topic_is_described_with_what_each_partition_holds()
    {
        var batch = Batch("a", "b");
        await AppendAsync(batch, partition: 1);

        var topic = await GetJsonAsync("/v1/topics/orders");

        Assert.Equal("orders", (string?)topic["name"]);
        Assert.Equal(0, (long)topic["lag"]!);
        var bounds = (JsonArray)topic["partitionBounds"]!;
        Assert.Equal("""{"partition":0,"start":0,"end":0,"bytes":0,"discarded":0}""", bounds[0]!.ToJsonString());
        Assert.Equal($$"""{"partition":1,"start":0,"end":2,"bytes":{{batch.Length}},"discarded":0}""", bounds[1]!.ToJsonString());
    }

    [Fact]
    public async Task A_change_of_a_topic_keeps_what_it_leaves_out_and_takes_null_for_none()
    {
        var changed = await JsonAsync(await PatchAsync("orders", """{"retentionBytes":1000,"lagLimit":5}"""));
        Assert.Equal(("orders", 2, 604_800, 1000, false, 5), (
            (string?)changed["name"],
            (int)changed["partitions"]!,
            (double)changed["retentionAgeSeconds"]!,
            (long)changed["retentionBytes"]!,
            (bool)changed["discardUnread"]!, (long)changed["lagLimit"]!));

        changed = await JsonAsync(await PatchAsync("orders", """{"retentionAgeSeconds":null,"discardUnread":true}"""));
        Assert.Null(changed["retentionAgeSeconds"]);
        Assert.Equal(1000, (long)changed["retentionBytes"]!);
        await JsonAsync(await PatchAsync("orders", """{"retentionAgeSeconds":1.5,"retentionBytes":null}"""));

        var unchanged = await JsonAsync(await PatchAsync("orders", "{}"));
        Assert.Equal(1.5, (double)unchanged["retentionAgeSeconds"]!);
        Assert.Equal(
            new TopicSettings { Partitions = 2, RetentionAge = TimeSpan.FromSeconds(1.5), RetentionBytes = null, DiscardUnread = true, LagLimit = 5 },
            (await Gateway.Store.FindTopicAsync("orders"))?.Settings);
    }

    [Theory]
    [InlineData("""{"partitions":3}""", "invalid-request")]
    [InlineData("""{"lagLimit":null}""", "invalid-request")]
    [InlineData("""{"discardUnread":null}""", "invalid-request")]
    [InlineData("", "invalid-request")]
    [InlineData("""{"retentionBytes":7,"lagLimit":0}""", "invalid-topic-settings")]
    [InlineData("""{"retentionAgeSeconds":1e300}""", "invalid-topic-settings")]
    public async Task A_change_that_is_not_valid_is_refused_whole(string body, string code)
    {
        await AssertProblemAsync(await PatchAsync("orders", body), 400, code);

        Assert.Equal(new TopicSettings { Partitions = 2 }, (await Gateway.Store.FindTopicAsync("orders"))?.Settings);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_not_changed() =>
        await AssertProblemAsync(await PatchAsync("nowhere", """{"lagLimit":5}"""), 404, "unknown-topic");

    [Fact]
    public async Task A_deleted_topic_is_gone()
    {
        var deleted = await Http.DeleteAsync("/v1/topics/orders");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/orders"), 404, "unknown-topic");
    }

    [Fact]
    public async Task A_topic_that_a_pipeline_has_a_checkpoint_on_is_not_deleted()
    {
        await Gateway.Store.TakeOverAsync(new("traffic", "count", 0), new("orders", 0), startOffset: 0);

        var problem = await AssertProblemAsync(await Http.DeleteAsync("/v1/topics/orders"), 409, "topic-in-use");

        Assert.Contains("traffic", (string?)problem["detail"]);
    }

    [Fact]
    public async Task An_unknown_topic_is_neither_described_nor_deleted()
    {
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/nowhere"), 404, "unknown-topic");
        await AssertProblemAsync(await Http.DeleteAsync("/v1/topics/nowhere"), 404, "unknown-topic");
    }

    private Task<HttpResponseMessage> PatchAsync(string topic, string body) =>
        Http.PatchAsync($"/v1/topics/{topic}", Content(body, JsonType));

    private Task<HttpResponseMessage> PutAsync(string topic, string body) => Http.PutAsync($"/v1/topics/{topic}", Content(body, JsonType));
}
