using System.IO.Compression;
using System.Text;
using Orleans.Pipeline.Cli.Tests.Processes;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Tests;

public sealed partial class ProduceTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task Lines_of_standard_input_become_values_as_they_stand()
    {
        var topic = await CreateAsync();

        var produced = await RunWithInputAsync(
            "one\r\n\n  three \nlast", "produce", topic, "--partition", "0", "--header", "source=shop", "--header", "empty=", "--json");
        var records = await ReadAsync(topic);

        Assert.Equal((true, 4, 4, 4), Counts(produced.Succeeded()));
        Assert.Equal("", produced.Errors);
        Assert.Equal(["one", "", "  three ", "last"], records.Select(record => record.ValueText));
        Assert.All(records, record => Assert.Equal(
            (false, "source=shop,empty="),
            (record.HasKey, string.Join(',', record.Headers.Select(header => $"{header.Name}={header.AsText()}")))));
    }

    [Fact]
    public async Task A_pattern_finds_the_key()
    {
        var topic = await CreateAsync();

        (await RunWithInputAsync("10.0.0.1 GET\n10.0.0.2 GET\nno address\n", "produce", topic, "--key-pattern", @"^(\d+\.\S+) "))
            .Succeeded();

        Assert.Equal(["10.0.0.1", "10.0.0.2", "none"], (await ReadAsync(topic)).Select(record => record.KeyText ?? "none").Order());
    }

    [Fact]
    public async Task A_gzip_file_is_unpacked_and_batches_are_packed()
    {
        var topic = await CreateAsync();
        var path = Server.PathOf($"{topic}.ndjson.gz");
        await using (var file = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{{\"number\":{number}}}\n"))));
        }

        var produced = (await RunAsync("produce", topic, path, "--compression", "gzip", "--json")).Succeeded();
        var details = await Server.Client.Admin.DescribeTopicAsync(topic);

        Assert.Equal((true, 20_000, 20_000, 20_000), Counts(produced));
        Assert.Equal(20_000, details.Records);
        Assert.True(details.Bytes < 200_000, $"The log keeps {details.Bytes} bytes of 20,000 records.");
        (await RunScriptAsync($"gzip -dc < {path} | head -c 1000 | gzip | pipeline produce {topic} --format lines")).Succeeded();
    }

    [Fact]
    public async Task A_bad_line_is_named_and_everything_before_it_is_durable()
    {
        var topic = await CreateAsync();
        const string Lines = "{\"n\":1}\n{\"n\":2}\n{\"n\":\n{\"n\":4}\n";

        var stopped = await RunWithInputAsync(Lines, "produce", topic, "--format", "ndjson", "--json");
        var counted = Counts(stopped);
        var continued = await RunWithInputAsync(
            Lines.Replace("{\"n\":\n", "{\"n\":3}\n", StringComparison.Ordinal),
            "produce",
            topic,
            "--format",
            "ndjson",
            "--from-line",
            "3");

        Assert.Equal((1, (false, 2, 2, 2)), (stopped.ExitCode, counted));
        Assert.Contains(
            "Line 3 is no record: it is not one JSON value", stopped.ErrorJson.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(
            "Lines 1 to 2 are durable. Continue with --from-line 3.",
            stopped.ErrorJson.GetProperty("error").GetString(),
            StringComparison.Ordinal);
        continued.Succeeded();
        Assert.Equal(
            ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}"], (await ReadAsync(topic)).Select(record => record.ValueText).Order());
    }

    [Fact]
    public async Task Bad_lines_can_be_passed_over_and_are_told()
    {
        var topic = await CreateAsync();
        var tooLarge = new string('x', 2 << 20);

        var produced = (await RunWithInputAsync(
            $"1\nnot json\n\"{tooLarge}\"\n4\n",
            "produce",
            topic,
            "--format",
            "ndjson",
            "--on-error",
            "skip",
            "--json")).Succeeded();

        Assert.Equal((true, 4, 4, 2), Counts(produced));
        Assert.Equal(2, produced.Json.GetProperty("badLines").GetInt32());
        Assert.Contains("Line 2 is skipped", produced.Errors, StringComparison.Ordinal);
        Assert.Contains("Line 3 is skipped", produced.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lines", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")]
    [InlineData("ndjson", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"")]
    public async Task A_line_on_which_the_key_pattern_runs_into_its_time_limit_is_a_bad_line(string format, string line)
    {
        var topic = await CreateAsync();
        string[] command = ["produce", topic, "--format", format, "--key-pattern", "(a+)+$"];
        var lines = $"\"aa\"\n{line}\n\"bb\"\n";

        var stopped = await RunWithInputAsync(lines, command);
        var skipped = await RunWithInputAsync(lines, [.. command, "--on-error", "skip", "--json"]);

        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("Line 2 is no record: --key-pattern has not found its key within 1 s", stopped.Errors, StringComparison.Ordinal);
        Assert.Contains("Line 1 is durable. Continue with --from-line 2.", stopped.Errors, StringComparison.Ordinal);
        Assert.Equal((true, 3, 3, 2), Counts(skipped.Succeeded()));
        Assert.Contains("Line 2 is skipped: --key-pattern has not found its key", skipped.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_read_writes_as_JSON_produce_takes_so_that_topics_can_be_copied()
    {
        var (source, copy) = (await CreateAsync(), await CreateAsync());
        const string Record = """{"key":"k","valueText":"plain","headers":{"a":"b","nothing":null},"timestamp":1769860800000}""";
        const string Lines = Record + "\n" + """
            {"keyBase64":"/w==","valueBase64":"/v8="}
            {"value":{"json": [1, 2]}}
            {"key":"tombstone"}
            {"key":"","valueText":""}
            """;

        (await RunWithInputAsync(Lines, "produce", source, "--format", "json")).Succeeded();
        (await RunScriptAsync($"set -o pipefail; pipeline topic read {source} --until-end --json --quiet | pipeline produce {copy} --format json")).Succeeded();

        Assert.Equal((await ReadAsync(source)).Select(Describe).Order(), (await ReadAsync(copy)).Select(Describe).Order());
        Assert.Contains("k|plain|a=b,nothing=null|1769860800000", (await ReadAsync(copy)).Select(record => Describe(record)));
    }

    [Fact]
    public async Task Ctrl_C_in_mid_upload_loses_nothing_and_doubles_nothing_when_it_goes_on()
    {
        var topic = await CreateAsync();
        var path = Server.PathOf($"{topic}.txt");
        await File.WriteAllLinesAsync(path, Enumerable.Range(1, 300_000).Select(number => $"line {number}"));
        using var upload = Start("produce", topic, "--json");
        var feeding = FeedAsync(upload, path, lines: 200_000);
        await WhenRecordsAsync(topic, 1);
        upload.Interrupt();
        var stopped = await upload.ExitWithInputOpenAsync();
        await feeding;

        var durable = stopped.Json.GetProperty("durableLines").GetInt64();
        Assert.Equal((130, durable), (stopped.ExitCode, (await Server.Client.Admin.DescribeTopicAsync(topic)).Records));
        Assert.InRange(durable, 1, 200_000);
        (await RunAsync("produce", topic, path, "--from-line", $"{durable + 1}")).Succeeded();
        var values = (await ReadAsync(topic)).Select(record => record.ValueText).ToList();
        Assert.Equal((300_000, 300_000), (values.Count, values.Distinct().Count()));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_while_it_waits_for_input()
    {
        var topic = await CreateAsync();
        using var upload = Start("produce", topic, "--json");
        await upload.Input.WriteAsync("first\nhalf a line"u8.ToArray());
        await upload.Input.FlushAsync();
        await WhenRecordsAsync(topic, 1);
        upload.Interrupt();

        Assert.Equal((130, "first"), ((await upload.ExitWithInputOpenAsync()).ExitCode, (await ReadAsync(topic)).Single().ValueText));
    }

    [Theory]
    [InlineData("--key-pattern", "\\d$")]
    [InlineData]
    public async Task An_upload_with_a_name_that_is_killed_and_run_again_loses_and_doubles_nothing(params string[] options)
    {
        var topic = await CreateAsync();
        var path = Server.PathOf($"{topic}.txt");
        await File.WriteAllLinesAsync(path, Enumerable.Range(1, 200_000).Select(number => $"line {number}"));
        string[] command = ["produce", topic, path, "--resume-name", "nightly", "--json", .. options];
        for (var kills = 1; kills <= 2; kills++)
        {
            using var upload = Start(command);
            await WhenRecordsAsync(topic, kills * 20_000);
            upload.Kill();
        }

        var completed = (await RunAsync(command)).Succeeded().Json;
        var repeated = (await RunAsync(command)).Succeeded().Json;

        var values = (await ReadAsync(topic)).Select(record => record.ValueText).ToList();
        Assert.Equal((200_000, 200_000), (values.Count, values.Distinct().Count()));
        Assert.True(completed.GetProperty("repeated").GetInt64() >= 40_000);
        Assert.Equal(200_000, completed.GetProperty("repeated").GetInt64() + completed.GetProperty("records").GetInt64());
        Assert.Equal((0, 200_000), (repeated.GetProperty("records").GetInt64(), repeated.GetProperty("repeated").GetInt64()));
    }

    [Fact]
    public async Task Another_input_under_the_same_name_is_told()
    {
        var topic = await CreateAsync();
        (await RunWithInputAsync("a\nb\nc\n", "produce", topic, "--resume-name", "nightly")).Succeeded();

        var shorter = (await RunWithInputAsync("a\n", "produce", topic, "--resume-name", "nightly")).Succeeded();

        Assert.Contains("sent 2 records more than this input has", shorter.Errors, StringComparison.Ordinal);
        (await RunAsync("produce", topic, "--resume-name", "nightly", "--from-line", "2")).FailedWith(2, "Leave out --from-line");
    }

    [Theory]
    [InlineData("Give one of them", "--key", "a", "--key-pattern", "b")]
    [InlineData("each line says its key and time itself", "--format", "json", "--key", "a")]
    [InlineData("Give --format ndjson", "--format", "lines", "--key", "a")]
    [InlineData("not a regular expression", "--key-pattern", "(")]
    [InlineData("'nothing' is not a header", "--header", "nothing")]
    [InlineData("cannot be read", "no-such-file.ndjson")]
    public async Task Options_that_do_not_go_together_are_refused(string message, params string[] options) =>
        (await RunAsync(["produce", await CreateAsync(), .. options])).FailedWith(2, message);

    [Fact]
    public async Task A_topic_or_partition_that_is_not_there_is_told_with_exit_code_3()
    {
        (await RunWithInputAsync("a\n", "produce", "no-such-topic")).FailedWith(3, "Topic 'no-such-topic' does not exist");
        (await RunWithInputAsync("a\n", "produce", await CreateAsync(), "--partition", "9")).FailedWith(3, "partition 9 does not exist");
    }

    [Fact]
    public async Task When_it_is_pushed_back_it_says_so_and_waits()
    {
        await Server.Client.Admin.PauseAsync("traffic");
        await Server.Client.Admin.UpdateTopicAsync("access-log", new() { LagLimit = 1 });
        try
        {
            (await RunWithInputAsync("one\ntwo\n", "produce", "access-log")).Succeeded();
            using var second = Start("produce", "access-log", "--json");
            await second.Input.WriteAsync("three\n"u8.ToArray());
            await second.Input.FlushAsync();

            Assert.Contains(
                "Nothing is lost: the upload waits until the server takes records again.",
                await second.ReadErrorLineAsync(),
                StringComparison.Ordinal);
            await Server.Client.Admin.ResumeAsync("traffic");
            Assert.Equal((true, 1, 1, 1), Counts((await second.ExitAsync()).Succeeded()));
        }
        finally
        {
            await Server.Client.Admin.UpdateTopicAsync("access-log", new() { LagLimit = 10_000_000 });
            await Server.Client.Admin.ResumeAsync("traffic");
        }
    }

    [Fact]
    public async Task On_a_terminal_it_shows_how_it_gets_on()
    {
        var topic = await CreateAsync();
        var file = Server.PathOf($"{topic}.lines");

        var shown = (await RunScriptAsync($"seq 100000 > {file}; script -qec \"{Tool.ShellCommand} produce {topic} {file}\" /dev/null"))
            .Succeeded();

        Assert.Contains("100,000 records to", shown.Output, StringComparison.Ordinal);
        Assert.Contains("/s  ", shown.Output, StringComparison.Ordinal);
    }

    private static (bool Complete, long Lines, long Durable, long Records) Counts(ToolResult result) => (
        result.Json.GetProperty("complete").GetBoolean(),
        result.Json.GetProperty("lines").GetInt64(),
        result.Json.GetProperty("durableLines").GetInt64(),
        result.Json.GetProperty("records").GetInt64());

    private static string Describe(ConsumerRecord record) =>
        $"{(record.HasKey ? record.KeyText : "none")}|{(record.HasValue ? record.ValueText : "none")}|{string.Join(',', record.Headers.Select(header => $"{header.Name}={(header.Value is null ? "null" : header.AsText())}"))}|{record.TimestampMs}";

    /// <summary>Writes the first lines of a file to the tool's input, which stays open, or until the tool goes.</summary>
    private static async Task FeedAsync(Tool tool, string path, int lines)
    {
        try
        {
            foreach (var line in File.ReadLines(path).Take(lines))
            {
                await tool.Input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            }

            await tool.Input.FlushAsync();
        }
        catch (IOException)
        {
            // It has gone.
        }
    }

    /// <summary>A topic for records of any age, which retention leaves alone.</summary>
    private async Task<string> CreateAsync()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 3, RetentionAge = null });
        return topic;
    }

    private async Task<List<ConsumerRecord>> ReadAsync(string topic)
    {
        await using var consumer = Server.Client.CreateConsumer(topic, new() { StopAtEnd = true });
        return await consumer.ReadAsync().ToListAsync();
    }

    private async Task WhenRecordsAsync(string topic, int count)
    {
        await using var consumer = Server.Client.CreateConsumer(topic);
        await consumer.ReadAsync().Take(count).CountAsync();
    }
}
