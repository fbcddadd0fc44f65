using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class JsonRecordsTests : GatewayTest
{
    [Theory]
    [InlineData("""{"key":"k","value":{"a":[1, 2]},"timestamp":5,"headers":{"n":"v","e":null}}""", """{"offset":0,"timestamp":5,"key":"k","value":{"a":[1, 2]},"headers":{"n":"v","e":null},"headerList":[{"name":"n","text":"v"},{"name":"e"}]}""")]
    [InlineData("""{"value":"text","timestamp":5}""", """{"offset":0,"timestamp":5,"key":null,"value":"text","headers":{}}""")]
    [InlineData("""{"key":null,"value":null,"timestamp":5}""", """{"offset":0,"timestamp":5,"key":null,"value":null,"headers":{}}""")]
    [InlineData("""{"key":"","timestamp":5}""", """{"offset":0,"timestamp":5,"key":"","headers":{}}""")]
    [InlineData("""{"keyBase64":"//8=","valueBase64":"gA==","timestamp":-5}""", """{"offset":0,"timestamp":-5,"keyBase64":"//8=","valueBase64":"gA==","headers":{}}""")]
    [InlineData("""{"keyBase64":"YQ==","valueBase64":"","timestamp":5}""", """{"offset":0,"timestamp":5,"key":"a","valueBase64":"","headers":{}}""")]
    [InlineData("""{"key":"é","valueBase64":"MTIz","timestamp":5}""", """{"offset":0,"timestamp":5,"key":"é","value":123,"headers":{}}""")]
    public async Task A_record_reads_back_as_it_was_sent(string sent, string read)
    {
        await JsonAsync(await PostAsync($$"""{"records":[{{sent}}]}""", "?partition=0"));

        var body = await Http.GetStringAsync("/v1/topics/orders/partitions/0/records?offset=0");

        Assert.Equal($$"""{"records":[{{read}}],"nextOffset":1}""", body);
    }

    [Fact]
    public async Task All_headers_of_a_name_are_copied_in_order_with_their_bytes()
    {
        Header[] headers = [Header.Text("x-tag", "a"), Header.Text("x-tag", "b"), new("id", new byte[] { 0xFF, 0xFE, 0, 1 }), new("none", null), Header.Text("", "")];
        var builder = new RecordBatchBuilder();
        builder.Append([], [], timestamp: 5, headers);
        await JsonAsync(await AppendAsync(builder.Build().Bytes.ToArray()));
        var read = (await GetJsonAsync("/v1/topics/orders/partitions/0/records?offset=0"))["records"]![0]!.AsObject();

        read.Remove("offset");
        await JsonAsync(await PostAsync($$"""{"records":[{{read.ToJsonString()}}]}""", "?partition=1"));

        Assert.Equal(headers.Select(Describe), (await HeadersAsync(1)).Select(Describe));
        Assert.Equal("""[{"name":"x-tag","text":"a"},{"name":"x-tag","text":"b"},{"name":"id","base64":"//4AAQ=="},{"name":"none"},{"name":"","text":""}]""", read["headerList"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"headers":{"a":"1"},"headerList":[{"name":"b","text":"2"}]}""", "b=32")]
    [InlineData("""{"headerList":[{"name":"b","base64":"//8="},{"name":"b","text":null}]}""", "b=FFFF,b=null")]
    [InlineData("""{"headers":{"a":"1"},"headerList":null}""", "a=31")]
    [InlineData("""{"headers":{"a":"1"},"headerList":[]}""", "")]
    public async Task The_list_of_headers_is_read_before_their_object(string record, string headers)
    {
        await JsonAsync(await PostAsync($$"""{"records":[{{record}}]}""", "?partition=0"));

        Assert.Equal(headers, string.Join(',', (await HeadersAsync(0)).Select(Describe)));
    }

    [Theory]
    [InlineData("""{"headerList":[{"name":"a","text":"1"},{"text":"2"}]}""", "invalid-request", "name")]
    [InlineData("""{"headerList":[{"name":"a","text":"1"},{"name":null}]}""", "invalid-record", "headerList[1]")]
    [InlineData("""{"headerList":[null]}""", "invalid-record", "headerList[0]")]
    [InlineData("""{"headerList":[{"name":"a","text":"1","base64":""}]}""", "invalid-record", "headerList[0]")]
    [InlineData("""{"headerList":[{"name":"a","tekst":"1"}]}""", "invalid-request", "tekst")]
    [InlineData("""{"headers":{"a":"1","b":"2","a":"3"}}""", "invalid-request", "The header 'a' is there twice")]
    [InlineData("""{"headers":{"a":1}}""", "invalid-request", "The header 'a'")]
    [InlineData("""{"headers":["a"]}""", "invalid-request", "'headers' is not an object")]
    public async Task A_header_that_is_none_is_refused_with_its_place(string record, string code, string place)
    {
        var problem = await AssertProblemAsync(await PostAsync($$"""{"records":[{"value":1},{{record}}]}"""), 400, code);

        Assert.Contains(place, (string?)problem["detail"]);
        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    [Fact]
    public async Task Records_go_to_the_partitions_they_name()
    {
        var answer = await JsonAsync(await PostAsync("""{"records":[{"value":1,"partition":1},{"value":2,"partition":0},{"value":3,"partition":1}]}"""));

        Assert.Equal(
            """{"appended":3,"partitions":[{"partition":0,"baseOffset":0,"nextOffset":1,"records":1},{"partition":1,"baseOffset":0,"nextOffset":2,"records":2}]}""",
            answer.ToJsonString());
    }

    [Fact]
    public async Task A_record_without_a_timestamp_gets_the_time_of_its_request()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await JsonAsync(await PostAsync("""{"records":[{"value":1}]}""", "?partition=0"));
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var record = (await GetJsonAsync("/v1/topics/orders/partitions/0/records?offset=0"))["records"]![0]!;

        Assert.InRange((long)record["timestamp"]!, before, after);
    }

    [Theory]
    [InlineData("""{"records":[{"value":1},{"value":1,"valueBase64":""}]}""", "invalid-record", "Record 1")]
    [InlineData("""{"records":[{"value":1},{"key":"a","keyBase64":""}]}""", "invalid-record", "Record 1")]
    [InlineData("""{"records":[null]}""", "invalid-record", "Record 0")]
    [InlineData("""{"records":[{"value":1},{"value":1,"timestamp":253402300800000}]}""", "invalid-record", "Record 1")]
    [InlineData("""{"records":[{"value":1},{"valueBase64":"not base64"}]}""", "invalid-request", "$.records[1].valueBase64")]
    [InlineData("""{"records":[{"vlaue":1}]}""", "invalid-request", "vlaue")]
    [InlineData("""{"record":[]}""", "invalid-request", "record")]
    [InlineData("{}", "invalid-request", "records")]
    [InlineData("[]", "invalid-request", "$")]
    [InlineData("", "invalid-request", "$")]
    [InlineData("""{"records":[{"value":1,"timestamp":"now"}]}""", "invalid-request", "$.records[0].timestamp")]
    public async Task A_body_that_does_not_fit_is_refused_with_the_place_and_nothing_is_appended(string body, string code, string place)
    {
        var problem = await AssertProblemAsync(await PostAsync(body), 400, code);

        Assert.Contains(place, (string?)problem["detail"]);
        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_refused_and_nothing_is_appended()
    {
        await AssertProblemAsync(await PostAsync("""{"records":[{"value":1},{"value":1,"partition":2}]}"""), 404, "unknown-partition");

        Assert.Equal(0, await EndAsync(0) + await EndAsync(1));
    }

    [Fact]
    public async Task More_headers_than_the_limit_are_refused()
    {
        var headers = new JsonObject(Enumerable.Range(0, 257).Select(number => KeyValuePair.Create($"h{number}", (JsonNode?)"v")));

        await AssertProblemAsync(await PostAsync($$"""{"records":[{"headers":{{headers.ToJsonString()}}}]}"""), 400, "invalid-record");
    }

    [Fact]
    public async Task A_body_of_another_content_type_is_refused()
    {
        await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/records", Content("1", "text/plain")), 415, "unsupported-content-type");
        await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/records", new ByteArrayContent([1])), 415, "unsupported-content-type");
    }

    private static string Describe(Header header) =>
        $"{header.Name}={(header.Value is { } value ? Convert.ToHexString(value.Span) : "null")}";

    private async Task<IReadOnlyList<Header>> HeadersAsync(int partition)
    {
        var batch = Assert.Single(await Gateway.Store.ReadAsync(new("orders", partition), 0, 1 << 20, TimeSpan.Zero));
        var records = batch.GetEnumerator();
        Assert.True(records.MoveNext());
        return records.Current.ReadHeaders();
    }

    private Task<HttpResponseMessage> PostAsync(string body, string query = "") =>
        Http.PostAsync("/v1/topics/orders/records" + query, Content(body, JsonType));
}
