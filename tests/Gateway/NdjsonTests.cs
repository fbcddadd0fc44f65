using System.Text;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class NdjsonTests : GatewayTest
{
    [Fact]
    public async Task Each_line_becomes_a_record_with_its_bytes_as_they_stand()
    {
        string[] lines = ["""{ "b" : 1,  "a":"é\u00e9" }""", "42", "\"text\"", "[1,\t2]", "null"];

        var answer = await JsonAsync(await PostAsync(string.Join('\n', lines), "?partition=1"));

        Assert.Equal("""{"appended":5,"partitions":[{"partition":1,"baseOffset":0,"nextOffset":5,"records":5}]}""", answer.ToJsonString());
        Assert.Equal(lines, (await RecordsAsync(1)).Select(record => record.Value));
    }

    [Fact]
    public async Task Blank_lines_and_carriage_returns_are_passed_over()
    {
        await JsonAsync(await PostAsync("\n1\r\n\r\n  \n2\n\n", "?partition=0"));

        Assert.Equal(["1", "2"], (await RecordsAsync(0)).Select(record => record.Value));
    }

    [Fact]
    public async Task A_body_without_lines_appends_nothing()
    {
        var answer = await JsonAsync(await PostAsync(""));

        Assert.Equal("""{"appended":0,"partitions":[]}""", answer.ToJsonString());
    }

    [Theory]
    [InlineData("""{"id":"till-7"}""", "till-7")]
    [InlineData("""{"id":"t\u00efll \"7\""}""", "tïll \"7\"")]
    [InlineData("""{"id":""}""", "")]
    [InlineData("""{"id":7.50}""", "7.50")]
    [InlineData("""{"id":true}""", "true")]
    [InlineData("""{"id":null}""", null)]
    [InlineData("""{"other":{"id":"inner"}}""", null)]
    [InlineData("""{"other":{"id":"inner"},"id":"outer"}""", "outer")]
    [InlineData("7", null)]
    public async Task The_key_is_the_top_level_field_named(string line, string? key)
    {
        await JsonAsync(await PostAsync(line, "?key=id&partition=0"));

        Assert.Equal(key, Assert.Single(await RecordsAsync(0)).Key);
    }

    [Fact]
    public async Task Keyed_records_go_where_Kafkas_partitioner_sends_their_key()
    {
        var keys = Enumerable.Range(0, 40).Select(number => $"key-{number}").ToArray();

        await JsonAsync(await PostAsync(string.Join('\n', keys.Select(key => $$"""{"id":"{{key}}"}""")), "?key=id"));

        foreach (var partition in new[] { 0, 1 })
        {
            Assert.Equal(
                keys.Where(key => KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes(key), 2) == partition),
                (await RecordsAsync(partition)).Select(record => record.Key));
        }
    }

    [Fact]
    public async Task Requests_without_keys_take_turns_over_the_partitions()
    {
        for (var request = 0; request < 4; request++)
        {
            await JsonAsync(await PostAsync("1\n2\n3"));
        }

        Assert.Equal(6, await EndAsync(0));
        Assert.Equal(6, await EndAsync(1));
    }

    [Theory]
    [InlineData("1\n{\"a\":\n2", "Line 2")]
    [InlineData("1\n2\n{} {}", "Line 3")]
    [InlineData("nothing", "Line 1")]
    [InlineData("1\n\n{'a':1}", "Line 3")]
    public async Task A_line_that_is_not_one_JSON_value_is_named_and_nothing_is_appended(string body, string place)
    {
        var problem = await AssertProblemAsync(await PostAsync(body), 400, "invalid-record");

        Assert.StartsWith(place, (string?)problem["detail"]);
        await AssertNothingAppendedAsync();
    }

    [Theory]
    [InlineData("""{"id":{}}""")]
    [InlineData("""{"id":[]}""")]
    [InlineData("""{"id":"\ud800"}""")]
    public async Task A_key_field_that_is_no_key_is_named_and_nothing_is_appended(string line)
    {
        var problem = await AssertProblemAsync(await PostAsync($"{{}}\n{line}", "?key=id"), 400, "invalid-record");

        Assert.StartsWith("Line 2", (string?)problem["detail"]);
        Assert.Contains("'id'", (string?)problem["detail"]);
        await AssertNothingAppendedAsync();
    }

    [Fact]
    public async Task A_line_that_is_not_UTF_8_is_refused_and_nothing_is_appended()
    {
        byte[] body = [.. "1\n\""u8, 0xC3, 0x28, .. "\""u8];

        var problem = await AssertProblemAsync(
            await Http.PostAsync("/v1/topics/orders/records", Content(body, NdjsonType)), 400, "invalid-record");

        Assert.StartsWith("Line 2", (string?)problem["detail"]);
        await AssertNothingAppendedAsync();
    }

    [Fact]
    public async Task A_record_over_its_limit_is_refused_and_nothing_is_appended()
    {
        var problem = await AssertProblemAsync(await PostAsync($"1\n\"{new string('a', 1000)}\""), 400, "invalid-record");

        Assert.StartsWith("Line 2", (string?)problem["detail"]);
        await AssertNothingAppendedAsync();
    }

    [Fact]
    public async Task Records_that_do_not_fit_one_batch_are_appended_as_several_in_order()
    {
        var lines = Enumerable.Range(1000, 300).Select(number => number.ToString()).ToArray();

        var answer = await JsonAsync(await PostAsync(string.Join('\n', lines), "?partition=0"));

        Assert.Equal(300, (int)answer["appended"]!);
        Assert.Equal("""[{"partition":0,"baseOffset":0,"nextOffset":300,"records":300}]""", answer["partitions"]!.ToJsonString());
        Assert.Equal(lines, (await RecordsAsync(0)).Select(record => record.Value));
        var batches = await Gateway.Store.ReadAsync(new("orders", 0), 0, 1 << 20, TimeSpan.Zero);
        Assert.True(batches.Count > 1);
        Assert.All(batches, batch => Assert.True(batch.Bytes.Length <= 2000));
    }

    [Fact]
    public async Task A_line_longer_than_any_record_may_be_is_refused_though_it_never_ends()
    {
        var problem = await AssertProblemAsync(await PostAsync($"1\n{new string('1', 10_001)}"), 400, "invalid-record");

        Assert.StartsWith("Line 2", (string?)problem["detail"]);
        await AssertNothingAppendedAsync();
    }

    [Fact]
    public async Task A_body_may_be_longer_than_a_request_of_another_kind()
    {
        var answer = await JsonAsync(await PostAsync(string.Join('\n', Enumerable.Repeat(new string('1', 100), 200)), "?partition=0"));

        Assert.Equal(200, (int)answer["appended"]!);
        Assert.Equal(200, await EndAsync(0));
    }

    [Fact]
    public async Task Records_without_keys_stay_together_a_thousand_at_a_time()
    {
        await JsonAsync(await PostAsync(string.Join('\n', Enumerable.Range(0, 3500))));

        Assert.Equal(
            [.. Enumerable.Range(0, 1000), .. Enumerable.Range(2000, 1000)],
            (await RecordsAsync(0)).Select(record => int.Parse(record.Value!)));
        Assert.Equal(
            [.. Enumerable.Range(1000, 1000), .. Enumerable.Range(3000, 500)],
            (await RecordsAsync(1)).Select(record => int.Parse(record.Value!)));
    }

    [Fact]
    public async Task A_partition_or_topic_that_is_not_there_is_refused()
    {
        await AssertProblemAsync(await PostAsync("1", "?partition=2"), 404, "unknown-partition");
        await AssertProblemAsync(await PostAsync("1", "?partition=-1"), 404, "unknown-partition");
        await AssertProblemAsync(await PostAsync("1", "?partition=one"), 400, "invalid-request");
        await AssertProblemAsync(await Http.PostAsync("/v1/topics/nowhere/records", Content("1", NdjsonType)), 404, "unknown-topic");
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        (settings.Limits.RecordBytes, settings.Limits.BatchBytes) = (1000, 2000);
        settings.Limits.RequestBytes = 10_000;
    });

    private Task<HttpResponseMessage> PostAsync(string body, string query = "") =>
        Http.PostAsync("/v1/topics/orders/records" + query, Content(body, NdjsonType));

    private async Task AssertNothingAppendedAsync()
    {
        Assert.Equal(0, await EndAsync(0));
        Assert.Equal(0, await EndAsync(1));
    }

    private async Task<List<(string? Key, string? Value)>> RecordsAsync(int partition)
    {
        var records = new List<(string? Key, string? Value)>();
        foreach (var batch in await Gateway.Store.ReadAsync(new("orders", partition), 0, 1 << 20, TimeSpan.Zero))
        {
            foreach (var record in RecordBatch.Validate(batch.Bytes))
            {
                records.Add((
                    record.HasKey ? Encoding.UTF8.GetString(record.KeySpan) : null,
                    record.HasValue ? Encoding.UTF8.GetString(record.ValueSpan) : null));
            }
        }

        return records;
    }
}
