using System.Text.Json;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class ReadTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task Records_are_written_as_lines_JSON_raw_or_by_a_template()
    {
        var topic = await FillAsync("""{"key":"k","valueText":"a","headers":{"x":"y"},"timestamp":1769860800000}""", """{"valueText":"b","timestamp":1769860800001}""");

        var lines = await RunAsync("topic", "read", topic, "--until-end");
        var json = await RunAsync("topic", "read", topic, "-e", "--json");
        var raw = await RunAsync("topic", "read", topic, "-e", "-f", "raw");
        var template = await RunAsync("topic", "read", topic, "-e", "-f", @"%t/%p@%o\t%D %T %k=%v (%K, %V) %h 100%%");

        Assert.Equal("a\nb\n", lines.Succeeded().Output);
        Assert.Equal("ab", raw.Succeeded().Output);
        Assert.Equal(
            $"{{\"topic\":\"{topic}\",\"partition\":0,\"offset\":0,\"timestamp\":1769860800000,\"key\":\"k\",\"valueText\":\"a\",\"headers\":{{\"x\":\"y\"}},\"headerList\":[{{\"name\":\"x\",\"text\":\"y\"}}]}}",
            json.Succeeded().Lines[0]);
        Assert.Equal(
            $"{topic}/0@0\t2026-01-31T12:00:00.000Z 1769860800000 k=a (1, 1) x=y 100%\n{topic}/0@1\t2026-01-31T12:00:00.001Z 1769860800001 =b (-1, 1)  100%\n",
            template.Succeeded().Output);
    }

    [Fact]
    public async Task JSON_over_several_lines_stays_on_one_line()
    {
        var topic = await FillAsync(
            """{"valueText":"{\n  \"a\": 1.10\n}"}""", """{"valueText":"  7  "}""", """{"valueText":"{\n\"\\ud800 \\\" \\\\\" : 1\r\n}"}""");

        var read = (await RunAsync("topic", "read", topic, "-e", "--json")).Succeeded();

        Assert.Equal(3, read.Lines.Count);
        Assert.Contains("""{"\ud800 \" \\":1}""", read.Lines[2], StringComparison.Ordinal);
        Assert.Equal("""{"a":1.10}""", read.JsonLines[0].GetProperty("value").GetRawText());
        Assert.Equal(7, read.JsonLines[1].GetProperty("value").GetInt32());
    }

    [Theory]
    [InlineData("start", "0,1,2,3")]
    [InlineData("2", "2,3")]
    [InlineData("-1", "3")]
    [InlineData("0:1", "1,2,3")]
    [InlineData("2026-01-31T12:00:02", "2,3")]
    [InlineData("@1769860802000", "2,3")]
    [InlineData("1h", "")]
    [InlineData("end", "")]
    public async Task Reading_begins_where_it_is_told(string from, string offsets)
    {
        var topic = await FillAsync([.. Enumerable.Range(0, 4).Select(number => $$"""{"valueText":"{{number}}","timestamp":{{1_769_860_800_000 + (number * 1000)}}}""")]);

        var read = (await RunAsync("topic", "read", topic, "--from", from, "--until-end", "--json")).Succeeded();

        Assert.Equal(offsets, string.Join(',', read.JsonLines.Select(record => record.GetProperty("offset").GetInt64())));
    }

    [Theory]
    [InlineData("2", "0,1")]
    [InlineData("-1", "0,1,2")]
    [InlineData("0:3", "0,1,2")]
    [InlineData("2026-01-31T12:00:02", "0,1")]
    [InlineData("2026-01-31T11:00", "")]
    [InlineData("end", "0,1,2,3")]
    [InlineData("99", "0,1,2,3")]
    public async Task Reading_ends_where_it_is_told(string to, string offsets)
    {
        var topic = await FillAsync([.. Enumerable.Range(0, 4).Select(number => $$"""{"valueText":"{{number}}","timestamp":{{1_769_860_800_000 + (number * 1000)}}}""")]);

        var read = (await RunAsync("topic", "read", topic, "--to", to, "--json")).Succeeded();

        Assert.Equal(offsets, string.Join(',', read.JsonLines.Select(record => record.GetProperty("offset").GetInt64())));
    }

    [Fact]
    public async Task It_ends_after_so_many_records_and_says_how_to_go_on()
    {
        var topic = await FillAsync("""{"valueText":"a"}""", """{"valueText":"b"}""", """{"valueText":"c"}""");

        var first = (await RunAsync("topic", "read", topic, "--count", "2")).Succeeded();
        var rest = (await RunAsync("topic", "read", topic, "--from", first.Errors.Trim().Split(' ')[^1], "-e", "--quiet")).Succeeded();

        Assert.Equal("a\nb\n", first.Output);
        Assert.Matches($"^Continue from here: pipeline topic read {topic} --from 0:2@[0-9a-f]{{32}}\n$", first.Errors);
        Assert.Equal(("c\n", ""), (rest.Output, rest.Errors));
    }

    [Fact]
    public async Task Only_the_partitions_asked_for_are_read()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 3 });
        foreach (var partition in new[] { "0", "1", "2" })
        {
            (await RunWithInputAsync($"in {partition}\n", "produce", topic, "--partition", partition)).Succeeded();
        }

        var read = (await RunAsync("topic", "read", topic, "-p", "0", "-p", "2", "-e")).Succeeded();

        Assert.Equal(["in 0", "in 2"], read.Lines.Order());
        (await RunAsync("topic", "read", topic, "-p", "3", "-e")).FailedWith(3, "partition 3 does not exist");
        (await RunAsync("topic", "read", topic, "-p", "0", "--from", "7", "-e")).FailedWith(1, "is out of range");
    }

    [Fact]
    public async Task A_tail_shows_records_as_they_come_until_Ctrl_C()
    {
        var topic = await FillAsync("""{"valueText":"old"}""", """{"valueText":"last"}""");
        using var tail = Start("topic", "tail", topic, "--last", "1");

        Assert.Equal("last", await tail.ReadLineAsync());
        (await RunWithInputAsync("new\n", "produce", topic)).Succeeded();
        Assert.Equal("new", await tail.ReadLineAsync());
        tail.Interrupt();

        var ended = await tail.ExitAsync();
        Assert.Equal(130, ended.ExitCode);
        Assert.Matches($"^Continue from here: pipeline topic read {topic} --from 0:3@[0-9a-f]{{32}}\n$", ended.Errors);
    }

    [Fact]
    public async Task A_tail_ends_when_nobody_reads_it_any_more()
    {
        var topic = await FillAsync([.. Enumerable.Range(0, 200).Select(number => JsonSerializer.Serialize(new { valueText = new string('x', 1000) }))]);

        var result = (await RunScriptAsync($"set -o pipefail; pipeline topic tail {topic} --last 200 --quiet | head -2 | wc -l"))
            .Succeeded();

        Assert.Equal(("2\n", ""), (result.Output, result.Errors));
    }

    [Theory]
    [InlineData("'%q'", "--format", "%q")]
    [InlineData("'xml' is not a format", "--format", "xml")]
    [InlineData("'yesterday' is not a place in a topic", "--from", "yesterday")]
    [InlineData("'11-05-2023' is not a place in a topic", "--from", "11-05-2023")]
    [InlineData("'05/11/2023' is not a place in a topic", "--to", "05/11/2023")]
    [InlineData("'@20231105' is not a place in a topic", "--from", "@20231105")]
    [InlineData("'-3' is not a number", "--count", "-3")]
    public async Task A_wrong_option_is_told_with_what_there_is(string message, params string[] options) =>
        (await RunAsync(["topic", "read", "access-log", .. options])).FailedWith(2, message);

    /// <summary>A topic with records of any age, which retention leaves alone.</summary>
    private async Task<string> FillAsync(params string[] records)
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 1, RetentionAge = null });
        (await RunWithInputAsync(string.Join('\n', records), "produce", topic, "--format", "json")).Succeeded();
        return topic;
    }
}
