using Orleans.Pipeline.Cli.Tests.Processes;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>What record a line of input becomes, and that a copy is the same.</summary>
public sealed class ProducedRecordTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task Copies_have_all_headers_of_a_name_in_order_with_their_bytes()
    {
        var (source, copy) = (await CreateAsync(), await CreateAsync());
        const string Record = """{"valueText":"v","headers":{"other":"x"},"headerList":[{"name":"x-tag","text":"a"},{"name":"x-tag","text":"b"},{"name":"id","base64":"//4AAQ=="},{"name":"none"}]}""";

        (await RunWithInputAsync(Record, "produce", source, "--format", "json")).Succeeded();
        (await RunScriptAsync($"set -o pipefail; pipeline topic read {source} --until-end --json --quiet | pipeline produce {copy} --format json")).Succeeded();

        Assert.Equal(
            "x-tag=61,x-tag=62,id=FFFE0001,none=null",
            string.Join(',', Assert.Single(await ReadAsync(copy)).Headers.Select(
                header => $"{header.Name}={(header.Value is { } value ? Convert.ToHexString(value.Span) : "null")}")));
    }

    [Theory]
    [InlineData("""{"headerList":[{"text":"2"}]}""", "name")]
    [InlineData("""{"headerList":[{"name":"a","text":"1","base64":""}]}""", "headerList[0] has both")]
    [InlineData("""{"headers":{"a":"1","a":"2"}}""", "The header 'a' is there twice")]
    public async Task A_header_that_is_none_makes_a_bad_line(string line, string fault)
    {
        var topic = await CreateAsync();

        var produced = await RunWithInputAsync($"{{}}\n{line}\n", "produce", topic, "--format", "json");

        produced.FailedWith(1, "Line 2 is no record");
        Assert.Contains(fault, produced.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"\ud800":1,"id":"b"}""", "b")]
    [InlineData("""{"v":"\udc00","id":"\ud83d\ude00"}""", "\U0001F600")]
    public async Task A_line_with_half_a_surrogate_pair_outside_its_key_is_a_record_like_any_other(string line, string key)
    {
        var topic = await CreateAsync();

        (await RunWithInputAsync(line, "produce", topic, "--key", "id", "--timestamp-field", "at")).Succeeded();

        var record = Assert.Single(await ReadAsync(topic));
        Assert.Equal((key, line), (record.KeyText, record.ValueText));
        Assert.Equal(line, Assert.Single((await RunAsync("topic", "read", topic, "-e", "--json")).Succeeded().JsonLines).GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("""{"id":"\ud800"}""", "'id' escapes half a surrogate pair")]
    [InlineData("""{"at":"\ud800"}""", "'at' escapes half a surrogate pair")]
    [InlineData("""{"at":"05/11/2023"}""", "'at' is '05/11/2023'")]
    [InlineData("""{"at":"10:30"}""", "'at' is '10:30'")]
    [InlineData("""{"at":"12.5"}""", "'at' is '12.5'")]
    [InlineData("""{"at":12.5}""", "'at' is '12.5'")]
    [InlineData("""{"at":"20231105"}""", "'at' is '20231105'")]
    [InlineData("""{"at":{}}""", "'at' is no time")]
    public async Task A_key_or_time_that_is_none_makes_a_bad_line_that_can_be_skipped(string line, string fault)
    {
        var topic = await CreateAsync();
        string[] command = ["produce", topic, "--key", "id", "--timestamp-field", "at"];

        (await RunWithInputAsync($"{line}\n", command)).FailedWith(1, "Line 1 is no record");
        var skipped = (await RunWithInputAsync($"{line}\n{{}}\n", [.. command, "--on-error", "skip"])).Succeeded();

        Assert.Contains(fault, skipped.Errors, StringComparison.Ordinal);
        Assert.Single(await ReadAsync(topic));
    }

    [Theory]
    [InlineData("ndjson", "{\"id\":\"a\"}\n{}", "a|{\"id\":\"a\"}")]
    [InlineData("lines", "a 1\nb 2", "a|a 1")]
    [InlineData("json", "{\"key\":\"a\",\"valueText\":\"v\"}\n{}", "a|v")]
    public async Task A_byte_order_mark_at_the_start_is_no_part_of_the_first_line(string format, string lines, string first)
    {
        var topic = await CreateAsync();
        string[] key = format switch { "ndjson" => ["--key", "id"], "lines" => ["--key-pattern", @"^\S+"], _ => [] };

        (await RunWithInputAsync("\uFEFF" + lines, ["produce", topic, "--format", format, "--partition", "0", .. key])).Succeeded();
        (await RunWithInputAsync("\uFEFF", ["produce", topic, "--format", format, "--partition", "0", .. key])).Succeeded();

        var records = await ReadAsync(topic);
        Assert.Equal((2, first), (records.Count, $"{records[0].KeyText}|{records[0].ValueText}"));
    }

    [Fact]
    public async Task JSON_of_any_depth_is_sent_and_copied_as_it_stands()
    {
        var (source, copy) = (await CreateAsync(), await CreateAsync());
        var deep = $"{new string('[', 5_000)}{new string(']', 5_000)}";

        (await RunWithInputAsync($$"""{"id":"k","v":{{deep}}}""", "produce", source, "--key", "id")).Succeeded();
        (await RunScriptAsync($"set -o pipefail; pipeline topic read {source} --until-end --json --quiet | pipeline produce {copy} --format json")).Succeeded();
        (await RunWithInputAsync($$"""{"key":"l","value":{{deep}}}""", "produce", copy, "--format", "json")).Succeeded();

        Assert.Equal(
            [$$"""k={"id":"k","v":{{deep}}}""", $"l={deep}"],
            (await ReadAsync(copy)).Select(record => $"{record.KeyText}={record.ValueText}").Order(StringComparer.Ordinal));
    }

    /// <summary>A topic for records of any age, which retention leaves alone.</summary>
    private async Task<string> CreateAsync()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 2, RetentionAge = null });
        return topic;
    }

    private async Task<List<ConsumerRecord>> ReadAsync(string topic)
    {
        await using var consumer = Server.Client.CreateConsumer(topic, new() { StopAtEnd = true });
        return await consumer.ReadAsync().ToListAsync();
    }
}
