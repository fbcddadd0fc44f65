using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests.Tailing;

public sealed class TailTests : GatewayTest
{
    private const string Tail = "/v1/topics/orders/tail";

    [Fact]
    public async Task Each_record_is_an_event_with_its_JSON_and_where_to_go_on_from()
    {
        await AppendAsync(Batch("1", "2"));
        using var tail = await OpenAsync("?from=start");

        var first = await tail.NextAsync();
        var second = await tail.NextAsync();
        await AppendAsync(Batch("3"), partition: 1);
        var third = await tail.NextAsync();

        Assert.All([first, second, third], item => Assert.Equal("record", item.EventType));
        var topic = (await Gateway.Store.FindTopicAsync("orders"))!.Id.ToString("N");
        Assert.Equal(
            [$"0:1,1:0@{topic}", $"0:2,1:0@{topic}", $"0:2,1:1@{topic}"], new[] { first, second, third }.Select(item => item.EventId));
        Assert.Equal("""{"partition":0,"offset":0,"timestamp":1700000000000,"key":"key","value":1,"headers":{}}""", first.Data);
        Assert.Equal("""{"partition":1,"offset":0,"timestamp":1700000000000,"key":"key","value":3,"headers":{}}""", third.Data);
    }

    [Fact]
    public async Task A_tail_starts_at_the_end_and_says_where_that_is_before_there_is_a_record()
    {
        await AppendAsync(Batch("1"));
        using var response = await GetAsync("");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("id: 0:1,1:0@", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_comes_back_with_its_last_id_misses_nothing_and_gets_nothing_twice()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 60).Select(number => $"{number}").ToArray();
        for (var sent = 0; sent < values.Length;)
        {
            var count = Math.Min(random.Next(1, 5), values.Length - sent);
            await AppendAsync(Batch(values[sent..(sent + count)]), partition: random.Next(2));
            sent += count;
        }

        var received = new List<string>();
        string? last = null;
        while (received.Count < values.Length)
        {
            using var tail = await OpenAsync(last is null ? "?from=start" : "", last);
            for (var more = random.Next(1, 4); more > 0 && received.Count < values.Length; more--)
            {
                var item = await tail.NextAsync();
                received.Add((string)JsonNode.Parse(item.Data)!["value"]!.ToJsonString());
                last = item.EventId;
            }
        }

        Assert.Equal(values.Order(), received.Order());
    }

    [Fact]
    public async Task A_tail_can_be_of_some_partitions_only()
    {
        await AppendAsync(Batch("1"));
        await AppendAsync(Batch("2"), partition: 1);

        using var named = await OpenAsync("?from=start&partition=1");
        using var positioned = await OpenAsync("?positions=1:0");

        Assert.StartsWith("1:1@", (await named.NextAsync()).EventId, StringComparison.Ordinal);
        Assert.StartsWith("1:1@", (await positioned.NextAsync()).EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_can_start_at_a_time()
    {
        await AppendAsync(Batch("1"));
        var builder = new RecordBatchBuilder();
        builder.Append([], "2"u8, timestamp: 1_800_000_000_000);
        await AppendAsync(builder.Build().Bytes.ToArray());

        using var tail = await OpenAsync("?from=2024-01-01T00:00:00Z");

        Assert.Equal(1, (int)JsonNode.Parse((await tail.NextAsync()).Data)!["offset"]!);
    }

    [Fact]
    public async Task Records_of_a_compressed_batch_and_of_one_larger_than_what_is_flushed_at_once_are_sent_each()
    {
        var builder = new RecordBatchBuilder();
        for (var number = 0; number < 3000; number++)
        {
            builder.Append([], Encoding.ASCII.GetBytes($"\"{number}{new string('x', 100)}\""), timestamp: 5);
        }

        await JsonAsync(await AppendAsync(builder.Build(compression: Compression.Gzip).Bytes.ToArray()));
        using var tail = await OpenAsync("?positions=0:7");

        for (var offset = 7; offset < 3000; offset++)
        {
            Assert.Equal(offset, (int)JsonNode.Parse((await tail.NextAsync()).Data)!["offset"]!);
        }
    }

    [Fact]
    public async Task A_last_id_of_a_topic_that_was_made_again_is_refused()
    {
        await AppendAsync(Batch("1", "2"));
        using var first = await OpenAsync("?from=start");
        var last = (await first.NextAsync()).EventId;
        await Gateway.Store.DeleteTopicAsync("orders");
        await Gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });
        await AppendAsync(Batch("3", "4"));

        await AssertProblemAsync(await GetAsync("", last), 409, "topic-replaced");
        await AssertProblemAsync(await GetAsync($"?positions={last}"), 409, "topic-replaced");
        await AssertProblemAsync(await GetAsync("", "0:1@nothing"), 400, "invalid-request");
        using var second = await OpenAsync("?from=start");
        Assert.StartsWith("0:1,1:0@", (await second.NextAsync()).EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_in_JSON_do_not_end_an_event()
    {
        await AppendAsync(Batch("{\n\"a\":\r\n1}"));
        await AppendAsync(Batch("2"));
        using var tail = await OpenAsync("?positions=0:0");

        Assert.Equal("""{"a":1}""", JsonNode.Parse((await tail.NextAsync()).Data)!["value"]!.ToJsonString());
        Assert.StartsWith("0:2@", (await tail.NextAsync()).EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_is_sent_while_there_is_nothing_new()
    {
        await using var gateway = await GatewayHost.StartAsync(settings => settings.Limits.TailHeartbeat = TimeSpan.FromMilliseconds(20));
        await gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 1 });
        using var response = await gateway.Http.GetAsync(Tail, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var topic = (await gateway.Store.FindTopicAsync("orders"))!.Id;
        string[] lines = [$"id: 0:0@{topic:N}", "", ": nothing new", "", ": nothing new", ""];

        foreach (var line in lines)
        {
            Assert.Equal(line, await reader.ReadLineAsync());
        }
    }

    [Fact]
    public async Task A_tail_goes_on_when_retention_removes_everything_before_it()
    {
        await AppendAsync(Batch("1"));
        using var tail = await OpenAsync("?from=start");
        await tail.NextAsync();

        Assert.Equal(1, await Gateway.Store.TrimAsync(DateTimeOffset.UtcNow.AddDays(30)));

        await AppendAsync(Batch("2"));
        var next = await tail.NextAsync();
        Assert.Equal("record", next.EventType);
        Assert.StartsWith("0:2,1:0@", next.EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_ends_when_the_host_stops()
    {
        await AppendAsync(Batch("1"));
        using var tail = await OpenAsync("?from=start");
        await tail.NextAsync();

        var stopping = Gateway.App.StopAsync();

        Assert.True(await tail.EndsAsync());
        await stopping;
    }

    [Fact]
    public async Task A_tail_whose_topic_is_deleted_ends_with_the_problem()
    {
        using var tail = await OpenAsync("");
        await Gateway.ArrivalAsync(Tail);

        await Gateway.Store.DeleteTopicAsync("orders");

        var item = await tail.NextAsync();
        Assert.Equal("problem", item.EventType);
        Assert.Equal("unknown-topic", (string?)JsonNode.Parse(item.Data)!["code"]);
        Assert.True(await tail.EndsAsync());
    }

    [Theory]
    [InlineData("?from=soon", null, "from")]
    [InlineData("?positions=0", null, "positions")]
    [InlineData("?positions=0:0,0:1", null, "positions")]
    [InlineData("?positions=0:-1", null, "positions")]
    [InlineData("?positions=", null, "positions")]
    [InlineData("?positions=0:0&from=end", null, "positions")]
    [InlineData("?positions=0:0&partition=0", null, "positions")]
    [InlineData("?partition=one", null, "partition")]
    [InlineData("", "17", "Last-Event-ID")]
    public async Task A_start_that_is_none_is_refused_with_what_is_wrong(string query, string? lastEventId, string fault)
    {
        var problem = await AssertProblemAsync(await GetAsync(query, lastEventId), 400, "invalid-request");

        Assert.Contains(fault, (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_position_that_is_not_there_is_refused()
    {
        var problem = await AssertProblemAsync(await GetAsync("", "0:0,1:5"), 400, "offset-out-of-range");
        Assert.Equal((1, 5), ((int)problem["partition"]!, (int)problem["offset"]!));
        await AssertProblemAsync(await GetAsync("?partition=2"), 404, "unknown-partition");
        await AssertProblemAsync(await GetAsync("?positions=2:0"), 404, "unknown-partition");
        await AssertProblemAsync(await Http.GetAsync("/v1/topics/nowhere/tail"), 404, "unknown-topic");
    }

    private async Task<HttpResponseMessage> GetAsync(string query, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Tail + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<OpenTail> OpenAsync(string query, string? lastEventId = null)
    {
        var response = await GetAsync(query, lastEventId);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        return new OpenTail(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>A tail, read as a client does.</summary>
    private sealed class OpenTail(HttpResponseMessage response, Stream body) : IDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _events = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();

        public async Task<SseItem<string>> NextAsync()
        {
            Assert.True(await _events.MoveNextAsync(), "The tail has ended.");
            return _events.Current;
        }

        public async Task<bool> EndsAsync() => !await _events.MoveNextAsync();

        public void Dispose() => response.Dispose();
    }
}
