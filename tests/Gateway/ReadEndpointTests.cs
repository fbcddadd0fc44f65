using System.Net;
using System.Net.Http.Headers;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class ReadEndpointTests : GatewayTest
{
    private const string Records = "/v1/topics/orders/partitions/0/records";

    [Fact]
    public async Task JSON_starts_at_exactly_the_offset_asked_for()
    {
        await AppendAsync(Batch("1", "2", "3"));
        await AppendAsync(Batch("4"));

        var body = await GetJsonAsync($"{Records}?offset=2");

        Assert.Equal([2L, 3L], body["records"]!.AsArray().Select(record => (long)record!["offset"]!));
        Assert.Equal(4, (long)body["nextOffset"]!);
    }

    [Fact]
    public async Task An_offset_of_a_topic_that_was_made_again_is_refused()
    {
        await AppendAsync(Batch("1", "2", "3"));
        var id = (string)(await GetJsonAsync("/v1/topics/orders"))["id"]!;
        Assert.Equal(3, (long)(await GetJsonAsync($"{Records}?offset=1&topicId={id}"))["nextOffset"]!);
        Assert.Equal(3, (long)(await GetJsonAsync($"{Records}?offset=3&topicId={id}"))["nextOffset"]!);
        await Gateway.Store.DeleteTopicAsync("orders");
        await Gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });
        await AppendAsync(Batch("4", "5"));

        foreach (var offset in new[] { 0, 1, 3 })
        {
            await AssertProblemAsync(await Http.GetAsync($"{Records}?offset={offset}&topicId={id}"), 409, "topic-replaced");
        }

        await AssertProblemAsync(await Http.GetAsync($"{Records}?offset=0&topicId=17"), 400, "invalid-request");
        Assert.Equal(2, (long)(await GetJsonAsync($"{Records}?offset=1"))["nextOffset"]!);
    }

    [Fact]
    public async Task JSON_at_the_end_is_empty_and_goes_on_from_there()
    {
        await AppendAsync(Batch("1"));

        Assert.Equal("""{"records":[],"nextOffset":1}""", await Http.GetStringAsync($"{Records}?offset=1"));
    }

    [Fact]
    public async Task Records_of_a_compressed_batch_are_read_as_JSON()
    {
        var builder = new RecordBatchBuilder();
        builder.Append([], "\"zipped\""u8, timestamp: 5);
        await JsonAsync(await AppendAsync(builder.Build(compression: Compression.Gzip).Bytes.ToArray()));

        var body = await GetJsonAsync($"{Records}?offset=0");

        Assert.Equal("zipped", (string?)body["records"]![0]!["value"]);
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("1.2.3.4")]
    [InlineData("tru")]
    [InlineData("\"")]
    [InlineData("1 2")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{\"a\":1}}")]
    public async Task A_value_that_is_not_JSON_is_read_in_base64(string value)
    {
        await AppendAsync(Batch(value));

        var record = (await GetJsonAsync($"{Records}?offset=0"))["records"]![0]!;

        Assert.False(record.AsObject().ContainsKey("value"));
        Assert.Equal(value, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)record["valueBase64"]!)));
    }

    [Fact]
    public async Task Of_a_repeated_header_the_last_is_read()
    {
        var builder = new RecordBatchBuilder();
        builder.Append([], [], timestamp: 5, [Header.Text("n", "first"), Header.Text("m", "only"), Header.Text("n", "last")]);
        await JsonAsync(await AppendAsync(builder.Build().Bytes.ToArray()));

        var record = (await GetJsonAsync($"{Records}?offset=0"))["records"]![0]!;

        Assert.Equal("""{"m":"only","n":"last"}""", record["headers"]!.ToJsonString());
    }

    [Fact]
    public async Task Batches_are_read_whole_and_with_their_offsets()
    {
        await AppendAsync(Batch("1", "2", "3"));
        await AppendAsync(Batch("4"));

        var bytes = await ReadBatchesAsync($"{Records}?offset=2");

        var first = RecordBatch.Validate(bytes.AsMemory(0, RecordBatch.MeasureFirst(bytes)!.Value));
        var second = RecordBatch.Validate(bytes.AsMemory(first.Bytes.Length));
        Assert.Equal((0, 3), (first.BaseOffset, first.NextOffset));
        Assert.Equal((3, 4), (second.BaseOffset, second.NextOffset));
    }

    [Fact]
    public async Task Batches_at_the_end_are_an_empty_body() => Assert.Empty(await ReadBatchesAsync($"{Records}?offset=0"));

    [Fact]
    public async Task A_read_stops_before_passing_the_bytes_asked_for_but_gives_at_least_one_batch()
    {
        var batch = Batch(new string('a', 100));
        for (var append = 0; append < 3; append++)
        {
            await AppendAsync(batch);
        }

        Assert.Equal(batch.Length, (await ReadBatchesAsync($"{Records}?offset=0&maxBytes=1")).Length);
        Assert.Equal(batch.Length * 2, (await ReadBatchesAsync($"{Records}?offset=0&maxBytes={(batch.Length * 3) - 1}")).Length);
    }

    [Fact]
    public async Task A_read_never_passes_the_gateways_own_limit()
    {
        var batch = Batch(new string('a', 400));
        for (var append = 0; append < 4; append++)
        {
            await AppendAsync(batch);
        }

        Assert.Equal(batch.Length * 2, (await ReadBatchesAsync($"{Records}?offset=0&maxBytes=1000000")).Length);
    }

    [Fact]
    public async Task A_long_poll_goes_on_when_retention_removes_everything_before_it()
    {
        await AppendAsync(Batch("1", "2"));
        var waiting = GetJsonAsync($"{Records}?offset=2&waitMs=600000");
        await Gateway.ArrivalAsync(Records);

        Assert.Equal(2, await Gateway.Store.TrimAsync(DateTimeOffset.UtcNow.AddDays(30)));

        Assert.Equal(2, (await Gateway.Store.GetBoundsAsync(new("orders", 0))).Start);
        await AppendAsync(Batch("3"));
        Assert.Equal(3, (long)(await waiting)["nextOffset"]!);
    }

    [Fact]
    public async Task A_read_that_waits_at_the_end_is_answered_by_an_append()
    {
        var waiting = GetJsonAsync($"{Records}?offset=0&waitMs=600000");
        await Gateway.ArrivalAsync(Records);
        await AppendAsync(Batch("1"), partition: 1);
        Assert.False(waiting.IsCompleted);

        await AppendAsync(Batch("2"));

        var record = Assert.Single((await waiting)["records"]!.AsArray());
        Assert.Equal(2, (int)record!["value"]!);
    }

    [Fact]
    public async Task A_read_is_answered_empty_when_its_wait_runs_out() =>
        Assert.Equal("""{"records":[],"nextOffset":0}""", await Http.GetStringAsync($"{Records}?offset=0&waitMs=20"));

    [Fact]
    public async Task A_read_that_waits_ends_when_the_host_stops()
    {
        var waiting = Http.GetStringAsync($"{Records}?offset=0&waitMs=600000");
        await Gateway.ArrivalAsync(Records);

        await Gateway.App.StopAsync();

        Assert.Equal("""{"records":[],"nextOffset":0}""", await waiting);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public async Task An_offset_that_the_partition_does_not_hold_is_refused_with_those_it_does(long offset)
    {
        await AppendAsync(Batch("1", "2"));

        var problem = await AssertProblemAsync(await Http.GetAsync($"{Records}?offset={offset}"), 400, "offset-out-of-range");

        Assert.Equal(0, (long)problem["start"]!);
        Assert.Equal(2, (long)problem["end"]!);
    }

    [Theory]
    [InlineData("", "offset")]
    [InlineData("?offset=first", "offset")]
    [InlineData("?offset=0&maxBytes=0", "maxBytes")]
    [InlineData("?offset=0&waitMs=-1", "waitMs")]
    [InlineData("?offset=0&waitMs=99999999999", "waitMs")]
    [InlineData("?offset=", "offset")]
    [InlineData("?offset=0&maxBytes=many", "maxBytes")]
    public async Task A_parameter_that_is_missing_or_out_of_range_is_named(string query, string parameter)
    {
        var problem = await AssertProblemAsync(await Http.GetAsync(Records + query), 400, "invalid-request");

        Assert.Contains(parameter, (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_topic_or_partition_that_is_not_there_is_refused_also_to_who_accepts_only_batches()
    {
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/nowhere/partitions/0/records?offset=0"), 404, "unknown-topic");
        await AssertProblemAsync(await GetBatchesAsync("/v1/topics/orders/partitions/2/records?offset=0"), 404, "unknown-partition");
    }

    [Fact]
    public async Task An_offset_is_found_by_time()
    {
        await AppendAsync(Batch("1"));
        await AppendAsync(Batch("2"));

        Assert.Equal("""{"offset":0,"start":0,"end":2}""", await FindAsync("2023-11-14T22:13:20.000Z"));
        Assert.Equal("""{"offset":2,"start":0,"end":2}""", await FindAsync("2023-11-14T22:13:20.001Z"));
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/orders/partitions/0/offsets"), 400, "invalid-request");
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/orders/partitions/0/offsets?time=soon"), 400, "invalid-request");
        await AssertProblemAsync(
            await Http.GetAsync("/v1/topics/nowhere/partitions/0/offsets?time=2023-11-14T22:13:20Z"), 404, "unknown-topic");
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        settings.Limits.ReadBytes = 1000;
        settings.Limits.Wait = TimeSpan.FromHours(1);
    });

    private async Task<string> FindAsync(string time) =>
        (await GetJsonAsync($"/v1/topics/orders/partitions/0/offsets?time={Uri.EscapeDataString(time)}")).ToJsonString();

    private async Task<HttpResponseMessage> GetBatchesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(BatchType));
        return await Http.SendAsync(request);
    }

    private async Task<byte[]> ReadBatchesAsync(string path)
    {
        using var response = await GetBatchesAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(BatchType, response.Content.Headers.ContentType?.ToString());
        return await response.Content.ReadAsByteArrayAsync();
    }
}
