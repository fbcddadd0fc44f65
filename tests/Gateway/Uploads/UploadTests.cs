using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

public sealed class UploadTests : UploadTest
{
    [Fact]
    public async Task Lines_are_appended_whole_and_in_order_however_the_body_is_cut_into_pieces()
    {
        var random = new Random(4);
        var lines = Enumerable.Range(0, 300).Select(number => $"\"{number}{new string('x', random.Next(970))}\"").ToArray();
        var body = Encoding.UTF8.GetBytes(string.Join("\r\n", lines));
        await using var upload = await StartUploadAsync("?partition=1");

        for (int sent = 0, size; sent < body.Length; sent += size)
        {
            size = Math.Min(random.Next(1, 2000), body.Length - sent);
            await upload.SendAsync(body[sent..(sent + size)]);
        }

        var (status, answer) = await upload.FinishAsync();
        Assert.Equal(200, status);
        Assert.Equal("""{"appended":300,"partitions":[{"partition":1,"baseOffset":0,"nextOffset":300,"records":300}]}""", answer.ToJsonString());
        Assert.Equal(lines, await ValuesAsync(1));
    }

    [Fact]
    public async Task Lines_are_appended_before_the_body_has_ended()
    {
        var lines = Lines(200);
        await using var upload = await StartUploadAsync("?partition=0");

        await upload.SendAsync(string.Join('\n', lines[..100]) + "\n");
        await WhenAppendedAsync(30);
        await upload.SendAsync(string.Join('\n', lines[100..]));

        Assert.Equal(200, (await upload.FinishAsync()).Status);
        await AssertHoldsAsync(lines);
    }

    [Fact]
    public async Task The_answer_says_how_many_records_of_an_upload_lie_between_those_of_others()
    {
        await using var upload = await StartUploadAsync("?partition=0");
        await upload.SendAsync(string.Join('\n', Lines(100)) + "\n");
        await WhenAppendedAsync(30);
        await AppendAsync(Batch("another"));
        await upload.SendAsync(string.Join('\n', Lines(100, first: 100)));

        var (_, answer) = await upload.FinishAsync();

        Assert.Equal("""[{"partition":0,"baseOffset":0,"nextOffset":201,"records":200}]""", answer["partitions"]!.ToJsonString());
    }

    [Fact]
    public async Task After_a_bad_line_those_before_it_are_in_the_log_and_the_rest_can_be_sent()
    {
        string[] lines = [.. Lines(150), "{bad", .. Lines(50, first: 150)];

        var problem = await AssertProblemAsync(await PostAsync(lines), 400, "invalid-record");

        Assert.Equal((151, 150), ((long)problem["line"]!, (long)problem["acceptedLines"]!));
        Assert.StartsWith("Line 151 was refused: it is not one JSON value", (string?)problem["detail"]);
        Assert.EndsWith("send the rest, from line 151 on.", (string?)problem["detail"]);
        await AssertHoldsAsync(lines[..150]);
        await JsonAsync(await PostAsync(lines[151..]));
        await AssertHoldsAsync([.. lines[..150], .. lines[151..]]);
    }

    [Fact]
    public async Task A_bad_line_among_the_first_leaves_nothing_appended()
    {
        var problem = await AssertProblemAsync(await PostAsync([.. Lines(10), "{bad", .. Lines(200, first: 10)]), 400, "invalid-record");

        Assert.Equal((11, 0), ((long)problem["line"]!, (long)problem["acceptedLines"]!));
        await AssertHoldsAsync([]);
    }

    [Fact]
    public async Task A_record_over_its_limit_is_a_bad_line_and_is_not_appended_with_those_before_it()
    {
        string[] lines = [.. Lines(150), $"\"{new string('x', 990)}\""];

        var problem = await AssertProblemAsync(await PostAsync(lines), 400, "invalid-record");

        Assert.Equal(150, (long)problem["acceptedLines"]!);
        await AssertHoldsAsync(lines[..150]);
    }

    [Fact]
    public async Task Of_a_body_that_breaks_off_only_whole_lines_are_appended()
    {
        await using (var upload = await StartUploadAsync("?partition=0"))
        {
            await upload.SendAsync(string.Join('\n', Lines(100)) + "\n123");
            await WhenAppendedAsync(30);
        }

        await Gateway.DepartureAsync(Records);
        var values = await ValuesAsync(0);
        Assert.Equal(Lines(100)[..values.Count], values);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZip")]
    [InlineData("x-gzip")]
    public async Task A_compressed_body_is_appended_as_it_was(string encoding)
    {
        var lines = Lines(500);

        var answer = await JsonAsync(await PostAsync(
            Zip(string.Join('\n', lines[..250]) + "\n", string.Join('\n', lines[250..])),
            encoding));

        Assert.Equal(500, (int)answer["appended"]!);
        await AssertHoldsAsync(lines);
    }

    public static TheoryData<string, byte[]> DamagedBodies()
    {
        var whole = Zip(string.Join('\n', Lines(500)));
        var damaged = whole.ToArray();
        damaged[whole.Length / 2] ^= 0x55;
        return new TheoryData<string, byte[]>
        {
            { "without its last byte", whole[..^1] },
            { "without its trailer", whole[..^8] },
            { "without its last lines", whole[..^300] },
            { "only its head", whole[..10] },
            { "half a head behind it", [.. whole, .. whole[..5]] },
            { "half another behind it", [.. whole, .. whole[..500]] },
            { "zeros behind it", [.. whole, 0, 0, 0, 0] },
            { "damaged", damaged },
            { "not compressed", Encoding.UTF8.GetBytes(string.Join('\n', Lines(500))) },
        };
    }

    [Theory]
    [MemberData(nameof(DamagedBodies))]
    public async Task A_compressed_body_that_is_not_whole_is_never_taken_for_whole(string damage, byte[] body)
    {
        var response = await PostAsync(body, "gzip");

        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(400 == (int)response.StatusCode, $"{damage}: {problem}");
        var values = (await ValuesAsync(0)).Concat(await ValuesAsync(1)).ToList();
        Assert.Empty(values.Except(Lines(500)));
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.Empty(Lines(500)[..(int)((long?)problem["acceptedLines"] ?? 0)].Except(values));
    }

    [Fact]
    public async Task A_compressed_body_that_is_cut_off_says_what_was_appended()
    {
        var problem = await AssertProblemAsync(await PostAsync(Zip(string.Join('\n', Lines(500)))[..^1], "gzip"), 400, "invalid-request");

        Assert.StartsWith("The body is not valid gzip: after line 499", (string?)problem["detail"]);
        Assert.InRange((long)problem["acceptedLines"]!, 400, 499);
    }

    [Fact]
    public async Task An_empty_compressed_body_appends_nothing() =>
        Assert.Equal(0, (int)(await JsonAsync(await PostAsync(Zip(""), "gzip")))["appended"]!);

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_line_without_end_is_refused_before_it_is_unpacked()
    {
        var problem = await AssertProblemAsync(await PostAsync(Zip("1\n" + new string(' ', 5_000_000)), "gzip"), 400, "invalid-record");

        Assert.Equal((2, 0), ((long)problem["line"]!, (long)problem["acceptedLines"]!));
        await AssertHoldsAsync([]);
    }

    [Fact]
    public async Task An_upload_is_refused_while_there_is_no_memory_for_it()
    {
        await using var gateway = await GatewayHost.StartAsync(settings =>
        {
            Configure(settings);
            settings.Limits.BodyBytesInFlight = 2000;
        });
        await gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });

        await AssertProblemAsync(await gateway.Http.PostAsync(Records, Content("1", NdjsonType)), 503, "overloaded");
    }

    [Fact]
    public async Task Uploads_give_their_memory_back_however_they_end()
    {
        await JsonAsync(await PostAsync(Lines(100)));
        await AssertProblemAsync(await PostAsync([.. Lines(100), "{bad"]), 400, "invalid-record");
        await using (var upload = await StartUploadAsync("?partition=0"))
        {
            await upload.SendAsync(string.Join('\n', Lines(100)) + "\n123");
            await WhenAppendedAsync(await EndAsync() + 30);
        }

        for (var request = 0; request < 3; request++)
        {
            await Gateway.DepartureAsync(Records);
        }

        Assert.Equal(0, Gateway.App.Services.GetRequiredService<BodyBudget>().Held);
    }

    [Fact]
    public async Task A_body_compressed_in_another_way_is_refused() =>
        await AssertProblemAsync(await PostAsync([1, 2, 3], "br"), 415, "unsupported-content-encoding");

    private static byte[] Zip(params string[] members)
    {
        using var bytes = new MemoryStream();
        foreach (var member in members)
        {
            using var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(member));
        }

        return bytes.ToArray();
    }

    private Task<HttpResponseMessage> PostAsync(byte[] zipped, string encoding)
    {
        var content = Content(zipped, NdjsonType);
        content.Headers.ContentEncoding.Add(encoding);
        return Http.PostAsync(Records + "?key=key", content);
    }
}
