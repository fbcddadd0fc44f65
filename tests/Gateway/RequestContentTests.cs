using System.IO.Compression;
using System.Text;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class RequestContentTests : GatewayTest
{
    private const string Records = "/v1/topics/orders/records?partition=0";
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    [Theory]
    [InlineData("POST", Records, JsonType)]
    [InlineData("POST", "/v1/topics/orders/partitions/0/batches", BatchType)]
    [InlineData("PUT", "/v1/topics/payments", JsonType)]
    [InlineData("PATCH", "/v1/topics/orders", JsonType)]
    [InlineData("POST", "/v1/topics/orders/reads", JsonType)]
    [InlineData("POST", "/v1/producers", JsonType)]
    [InlineData("POST", "/v1/pipelines/traffic/seek", JsonType)]
    [InlineData("POST", "/v1/pipelines/traffic/dead-letters/replay", JsonType)]
    [InlineData("POST", "/v1/pipelines/traffic/dead-letters/discard", JsonType)]
    public async Task A_compressed_body_is_refused_where_bodies_are_not_unpacked(string method, string path, string type)
    {
        foreach (var encoding in new[] { "gzip", "GZip", "br", "identity, gzip" })
        {
            using var content = Content(Zip("""{"records":[{"value":1}]}"""), type);
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };

            var problem = await AssertProblemAsync(await Http.SendAsync(request), 415, "unsupported-content-encoding");

            Assert.Contains("only 'application/x-ndjson' may be 'gzip'", (string?)problem["detail"]);
        }

        Assert.Equal(0, await EndAsync());
    }

    [Fact]
    public async Task A_body_that_says_it_is_not_compressed_is_taken()
    {
        using var content = Content("""{"records":[{"value":1}]}""", JsonType);
        content.Headers.ContentEncoding.Add("Identity");

        await JsonAsync(await Http.PostAsync(Records, content));
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"records\":[{\"value\":1}]}\n{\"records\":[{\"value\":2}]}")]
    [InlineData("1 2")]
    [InlineData("{\"records\":[]}\n{broken")]
    public async Task Several_JSON_values_in_one_body_are_refused_with_the_type_that_takes_them(string body)
    {
        var problem = await AssertProblemAsync(await Http.PostAsync(Records, Content(body, JsonType)), 400, "invalid-request");

        Assert.Contains("Send lines of JSON as 'application/x-ndjson'", (string?)problem["detail"]);
        Assert.Equal(0, await EndAsync());
    }

    [Fact]
    public async Task Media_types_know_no_case()
    {
        await JsonAsync(await Http.PostAsync(Records, Content("""{"records":[{"value":1}]}""", "Application/JSON")));
        await JsonAsync(await Http.PostAsync(Records, Content("2", "APPLICATION/X-NDJSON")));
        await JsonAsync(await Http.PostAsync("/v1/topics/orders/partitions/0/batches", Content(Batch("3"), "Application/Vnd.Orleans-Pipeline.Batch")));
        await JsonAsync(await Http.PutAsync("/v1/topics/orders", Content("""{"partitions":2}""", "Application/Json")));
        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/topics/orders/partitions/0/records?offset=0");
        read.Headers.Accept.ParseAdd("Application/Vnd.Orleans-Pipeline.Batch");

        Assert.Equal(BatchType, (await Http.SendAsync(read)).Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, await EndAsync());
    }

    [Fact]
    public async Task A_byte_order_mark_at_the_start_of_a_body_is_passed_over()
    {
        await JsonAsync(await Http.PostAsync(Records, Content([.. Mark, .. """{"records":[{"key":"k","value":1}]}"""u8], JsonType)));
        await JsonAsync(await Http.PostAsync(Records + "&key=id", Content([.. Mark, .. "{\"id\":\"k\"}\n\"\uFEFF\"\n"u8], NdjsonType)));
        await JsonAsync(await Http.PostAsync(Records, Content(Mark, NdjsonType)));
        await JsonAsync(await Http.PutAsync("/v1/topics/orders", Content([.. Mark, .. """{"partitions":2}"""u8], JsonType)));
        using var zipped = Content(Zip("\uFEFF5"), NdjsonType);
        zipped.Headers.ContentEncoding.Add("gzip");
        await JsonAsync(await Http.PostAsync(Records, zipped));

        Assert.Equal(["k=1", "k={\"id\":\"k\"}", "=\"\uFEFF\"", "=5"], (await RecordsAsync()).Select(record => $"{record.Key}={record.Value}"));
    }

    [Theory]
    [InlineData("POST", Records, """{"records":[{"\ud800":1}]}""")]
    [InlineData("POST", Records, """{"records":[{"key":"\ud800"}]}""")]
    [InlineData("POST", Records, """{"records":[{"headers":{"\ud800":"v"}}]}""")]
    [InlineData("POST", Records, """{"records":[{"headerList":[{"name":"n","text":"\udc00"}]}]}""")]
    [InlineData("PUT", "/v1/topics/payments", """{"\ud800":1}""")]
    [InlineData("PATCH", "/v1/topics/orders", """{"\ud800":1}""")]
    [InlineData("POST", "/v1/topics/orders/reads", """{"\ud800":1}""")]
    [InlineData("POST", "/v1/producers", """{"name":"\ud800"}""")]
    [InlineData("POST", "/v1/pipelines/traffic/seek", """{"to":"\ud800"}""")]
    [InlineData("POST", "/v1/pipelines/traffic/seek", """{"to":"time","time":"\ud800"}""")]
    [InlineData("POST", "/v1/pipelines/traffic/dead-letters/replay", """{"step":"\ud800"}""")]
    public async Task Half_a_surrogate_pair_where_text_is_wanted_is_refused(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Content(body, JsonType) };

        await AssertProblemAsync(await Http.SendAsync(request), 400, "invalid-request");
    }

    [Theory]
    [InlineData("""{"\ud800":1,"k":"b"}""", "b")]
    [InlineData("""{"k":"b","\udc00":1}""", "b")]
    [InlineData("""{"\udfff\ud800":{"k":1},"\u006b":"b"}""", "b")]
    [InlineData("""{"\ud83d\ude00":1,"k":"\ud83d\ude00"}""", "\U0001F600")]
    [InlineData("""{"\\ud800":1,"k":"\\ud800"}""", "\\ud800")]
    [InlineData("""{"v":"\ud800","k":""}""", "")]
    public async Task A_line_with_half_a_surrogate_pair_outside_its_key_is_a_record_like_any_other(string line, string key)
    {
        await JsonAsync(await Http.PostAsync(Records + "&key=k", Content("1\n" + line, NdjsonType)));

        Assert.Equal((key, line), ((await RecordsAsync())[1].Key, (await RecordsAsync())[1].Value));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(2000)]
    [InlineData(100_000)]
    public async Task JSON_is_taken_as_it_stands_however_deep_it_is(int depth)
    {
        var value = $"{new string('[', depth)}{new string(']', depth)}";
        var line = $$"""{"a":{{value}},"k":"key"}""";

        await JsonAsync(await Http.PostAsync(Records + "&key=k", Content(line, NdjsonType)));
        await JsonAsync(await Http.PostAsync(Records, Content($$"""{"records":[{"value":{{value}}}]}""", JsonType)));

        Assert.Equal([line, value], (await RecordsAsync()).Select(record => record.Value));
        var read = (await GetJsonAsync("/v1/topics/orders/partitions/0/records?offset=1"))["records"]![0]!;
        Assert.Equal(value, Encoding.UTF8.GetString(Convert.FromBase64String((string)read["valueBase64"]!)));
    }

    [Fact]
    public async Task JSON_of_sixty_levels_is_read_as_JSON()
    {
        var value = $"{new string('[', 60)}{new string(']', 60)}";
        await JsonAsync(await Http.PostAsync(Records, Content(value, NdjsonType)));

        Assert.Equal(value, (await GetJsonAsync("/v1/topics/orders/partitions/0/records?offset=0"))["records"]![0]!["value"]!.ToJsonString());
    }

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private async Task<List<(string? Key, string Value)>> RecordsAsync()
    {
        var records = new List<(string?, string)>();
        foreach (var batch in await Gateway.Store.ReadAsync(new("orders", 0), 0, 1 << 20, TimeSpan.Zero))
        {
            foreach (var record in batch)
            {
                records.Add((record.HasKey ? Encoding.UTF8.GetString(record.KeySpan) : null, Encoding.UTF8.GetString(record.ValueSpan)));
            }
        }

        return records;
    }
}
