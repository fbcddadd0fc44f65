using System.IO.Compression;
using System.Text;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>Inputs that end too early: gzip data that is cut off, and files that still grow.</summary>
public sealed class UnfinishedInputTests(ServerFixture server) : ToolTest(server)
{
    private static readonly string[] Lines = [.. Enumerable.Range(1, 2_000).Select(number => $"line {number} of the input")];
    private static readonly string Text = string.Concat(Lines.Select(line => line + "\n"));

    public static TheoryData<string, byte[]> CutOffInputs()
    {
        var whole = Zip(Text);
        return new()
        {
            { "its last byte", whole[..^1] },
            { "its trailer", whole[..^8] },
            { "its second half", whole[..(whole.Length / 2)] },
            { "all but its first bytes", whole[..2] },
            { "the end of its second member", [.. whole, .. Zip("more\n")[..^3]] },
        };
    }

    [Theory]
    [MemberData(nameof(CutOffInputs))]
    public async Task Gzip_data_that_is_cut_off_fails_after_the_whole_lines_before_the_cut(string without, byte[] input)
    {
        var (topic, path) = await CreateAsync(input);

        var produced = await RunAsync("produce", topic, path, "--json");

        var sent = await ReadAsync(topic);
        Assert.True((1, false) == (produced.ExitCode, produced.Json.GetProperty("complete").GetBoolean()), $"Without {without}: {produced.Output}{produced.Errors}");
        Assert.StartsWith(
            $"The input cannot be read after line {sent.Count}: its gzip data is cut off. ",
            produced.ErrorJson.GetProperty("error").GetString());
        Assert.Equal(Lines.Concat(["more"]).Take(sent.Count), sent);
        Assert.Equal(sent.Count, produced.Json.GetProperty("durableLines").GetInt64());
    }

    [Fact]
    public async Task Gzip_data_from_a_pipe_that_is_cut_off_fails_too()
    {
        var (topic, path) = await CreateAsync(Zip(Text)[..^1]);

        var produced = await RunScriptAsync($"cat {path} | pipeline produce {topic} --on-error skip");

        Assert.Equal(1, produced.ExitCode);
        Assert.Contains("its gzip data is cut off. Lines 1 to ", produced.Errors, StringComparison.Ordinal);
        Assert.Empty((await ReadAsync(topic)).Except(Lines));
    }

    [Fact]
    public async Task Several_gzip_members_are_one_input_and_nothing_else_may_follow_them()
    {
        var (joined, joinedPath) = await CreateAsync([.. Zip("a\nb"), .. Zip("c\n"), .. Zip("")]);
        var (followed, followedPath) = await CreateAsync([.. Zip("a\n"), .. "b\n"u8]);

        (await RunAsync("produce", joined, joinedPath)).Succeeded();
        var refused = await RunAsync("produce", followed, followedPath);

        Assert.Equal(["a", "bc"], await ReadAsync(joined));
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(["a"], await ReadAsync(followed));
        Assert.Contains("after line 1: other bytes follow its gzip data.", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_grows_is_sent_line_by_line_over_several_runs_with_a_name(bool isPacked)
    {
        var (topic, path) = await CreateAsync([]);
        var written = "";
        string[] parts = ["line 1\nline 2\nli", "ne 3\nline 4\n", "line 5\r\nline 6\r", "\nline 7"];
        foreach (var (part, lines, unended) in parts.Zip([2L, 4, 5, 6], new long?[] { 3, null, 6, 7 }))
        {
            written += part;
            await File.WriteAllBytesAsync(path, isPacked ? Zip(written) : Encoding.UTF8.GetBytes(written));

            var produced = (await RunAsync("produce", topic, path, "--resume-name", "growing", "--json")).Succeeded();

            var unendedLine = produced.Json.GetProperty("unendedLine");
            Assert.Equal(unended?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null", unendedLine.GetRawText());
            Assert.Equal(
                (lines, lines, unended is null),
                (
                    produced.Json.GetProperty("lines").GetInt64(),
                    produced.Json.GetProperty("durableLines").GetInt64(),
                    produced.Json.GetProperty("complete").GetBoolean()));
            Assert.Equal(
                unended is not null, produced.Errors.Contains($"Line {unended} is not sent", StringComparison.Ordinal));
        }

        Assert.Equal(Enumerable.Range(1, 6).Select(number => $"line {number}"), await ReadAsync(topic));
    }

    [Fact]
    public async Task A_last_line_without_an_end_is_sent_where_no_later_run_will_come_back_to_it()
    {
        var (topic, path) = await CreateAsync("line 1\nline 2"u8.ToArray());

        (await RunAsync("produce", topic, path)).Succeeded();

        Assert.Equal(["line 1", "line 2"], await ReadAsync(topic));
    }

    private static byte[] Zip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return text.Length > 0 ? packed.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private async Task<(string Topic, string Path)> CreateAsync(byte[] input)
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic, new() { Partitions = 1 });
        var path = Server.PathOf(topic);
        await File.WriteAllBytesAsync(path, input);
        return (topic, path);
    }

    private async Task<List<string?>> ReadAsync(string topic)
    {
        await using var consumer = Server.Client.CreateConsumer(topic, new() { StopAtEnd = true });
        return await consumer.ReadAsync().Select(record => record.ValueText).ToListAsync();
    }
}
