using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

/// <summary>An upload with a name can be sent again as often as need be: each line is in the log once.</summary>
public sealed class NamedUploadTests : UploadTest
{
    private const string Keyed = "?key=key&upload=monday";
    /// <summary>Long enough for a busy machine, and less than the host gives its requests before it cuts them off.</summary>
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(20);

    private const string Keyless = "?upload=monday";

    [Theory]
    [InlineData(Keyed, 200)]
    [InlineData(Keyless, 2500)]
    [InlineData("?key=key&partition=1&upload=monday", 200)]
    public async Task An_upload_that_is_sent_again_appends_nothing_again(string query, int count)
    {
        var first = await JsonAsync(await PostAsync(Lines(count), query));
        var second = await JsonAsync(await PostAsync(Lines(count), query));

        Assert.Equal((count, 0), Counts(first));
        Assert.Equal((0, count), Counts(second));
        Assert.Empty(second["partitions"]!.AsArray());
        await AssertHoldsAsync(Lines(count));
    }

    [Theory]
    [InlineData(Keyed)]
    [InlineData(Keyless)]
    public async Task A_bad_line_is_mended_and_everything_sent_again_without_doubling(string query)
    {
        var lines = Lines(300);
        var bad = lines.ToArray();
        bad[180] = "{bad";

        var problem = await AssertProblemAsync(await PostAsync(bad, query), 400, "invalid-record");
        Assert.Equal((181, 180), ((long)problem["line"]!, (long)problem["acceptedLines"]!));
        Assert.Contains("send all lines again as upload 'monday'", (string?)problem["detail"]);
        bad[180] = lines[180];
        bad[185] = "{bad too";
        Assert.Equal(185, (long)(await AssertProblemAsync(await PostAsync(bad, query), 400, "invalid-record"))["acceptedLines"]!);
        var answer = await JsonAsync(await PostAsync(lines, query));

        Assert.Equal((115, 185), Counts(answer));
        await AssertHoldsAsync(lines);
    }

    [Fact]
    public async Task A_longer_upload_appends_what_is_new()
    {
        await JsonAsync(await PostAsync(Lines(100), Keyed));

        Assert.Equal((150, 100), Counts(await JsonAsync(await PostAsync(Lines(250), Keyed))));
        await AssertHoldsAsync(Lines(250));
    }

    [Fact]
    public async Task Another_name_key_or_partition_is_another_upload()
    {
        string[] queries = [Keyed, "?key=key&upload=tuesday", "?key=number&upload=monday", "?key=key&partition=0&upload=monday", "?key=key&partition=1&upload=monday"];
        foreach (var query in queries)
        {
            Assert.Equal((10, 0), Counts(await JsonAsync(await PostAsync(Lines(10), query))));
        }
    }

    [Theory]
    [InlineData(Keyed)]
    [InlineData(Keyless)]
    public async Task A_client_that_goes_away_and_sends_everything_again_doubles_nothing(string query)
    {
        var lines = Lines(2500);
        for (var sent = 400; sent < 2500; sent += 700)
        {
            await using var upload = await StartUploadAsync(query);
            await upload.SendAsync(string.Join('\n', lines[..sent]) + "\n{\"number\":");
            await WhenAppendedAnywhereAsync(sent * 7 / 10);
        }

        Assert.Equal(200, (int)(await PostAsync(lines, query)).StatusCode);
        await AssertHoldsAsync(lines);
    }

    [Fact]
    public async Task An_upload_that_hangs_is_fenced_by_the_one_that_takes_over()
    {
        await using var hanging = await StartUploadAsync(Keyed);
        await hanging.SendAsync(string.Join('\n', Lines(100)) + "\n");
        await WhenAppendedAnywhereAsync(50);

        var answer = await JsonAsync(await PostAsync(Lines(300), Keyed));
        await hanging.SendAsync(string.Join('\n', Lines(100, first: 100)));
        var (status, problem) = await hanging.FinishAsync();

        Assert.Equal((409, "producer-fenced"), (status, (string?)problem["code"]));
        Assert.InRange((long)problem["acceptedLines"]!, 50, 100);
        Assert.Equal(300, Counts(answer).Appended + Counts(answer).Skipped);
        await AssertHoldsAsync(Lines(300));
    }

    [Fact]
    public async Task An_upload_ends_when_the_host_stops_and_says_how_far_it_came()
    {
        await using var upload = await StartUploadAsync(Keyed);
        await upload.SendAsync(string.Join('\n', Lines(100)) + "\n");
        await WhenAppendedAnywhereAsync(50);

        var stopping = Gateway.App.StopAsync();

        var (status, problem) = await upload.AnswerAsync();
        Assert.Equal((503, "host-stopping"), (status, (string?)problem["code"]));
        Assert.InRange((long)problem["acceptedLines"]!, 50, 100);
        await stopping.WaitAsync(Shutdown);
        await AssertHoldsAsync(Lines(100)[..(int)(long)problem["acceptedLines"]!]);
    }

    [Theory]
    [InlineData("?upload=", "upload name")]
    [InlineData("?upload=nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "upload name")]
    public async Task A_name_that_is_none_is_refused(string query, string fault)
    {
        var problem = await AssertProblemAsync(await PostAsync(Lines(1), query), 400, "invalid-request");

        Assert.Contains(fault, (string?)problem["detail"]);
    }

    [Fact]
    public async Task Only_lines_can_be_an_upload_with_a_name() => await AssertProblemAsync(
        await Http.PostAsync($"{Records}?upload=monday", Content("""{"records":[{"value":1}]}""", JsonType)), 400, "invalid-request");

    [Fact]
    public async Task No_producer_can_take_the_name_of_an_uploads() => await AssertProblemAsync(
        await Http.PostAsync("/v1/producers", Content("""{"name":"upload:orders:monday"}""", JsonType)), 400, "invalid-request");

    private static (long Appended, long Skipped) Counts(JsonNode answer) => ((long)answer["appended"]!, (long)answer["skipped"]!);

    private async Task WhenAppendedAnywhereAsync(long count)
    {
        while (await EndAsync(0) + await EndAsync(1) is var end && end < count)
        {
            ITopicLog log = Gateway.Store;
            await log.ReadAnyAsync("orders", [new(0, await EndAsync(0)), new(1, await EndAsync(1))], 1, Timeout.InfiniteTimeSpan);
        }
    }
}
