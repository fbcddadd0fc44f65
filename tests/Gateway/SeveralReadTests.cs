using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class SeveralReadTests : GatewayTest
{
    private const string Reads = "/v1/topics/orders/reads";
    private const string PartitionBatchesType = "application/vnd.orleans-pipeline.partition-batches";
    private const string FromStart = """{"positions":[{"partition":0,"offset":0},{"partition":1,"offset":0}]}""";

    [Fact]
    public async Task JSON_has_each_partitions_records_from_exactly_its_offset_and_where_to_go_on()
    {
        await AppendAsync(Batch("1", "2"));
        await AppendAsync(Batch("3"), partition: 1);

        var body = await ReadJsonAsync("""{"positions":[{"partition":1,"offset":0},{"partition":0,"offset":1}]}""");

        Assert.Equal([(0, 1L, 2), (1, 0L, 3)], body["records"]!.AsArray()
            .Select(record => ((int)record!["partition"]!, (long)record["offset"]!, (int)record["value"]!)).Order());
        Assert.Equal("""[{"partition":1,"nextOffset":1},{"partition":0,"nextOffset":2}]""", body["positions"]!.ToJsonString());
    }

    [Fact]
    public async Task JSON_is_empty_when_every_partition_is_at_its_end_and_the_wait_runs_out()
    {
        await AppendAsync(Batch("1"));

        var body = await ReadJsonAsync("""{"positions":[{"partition":0,"offset":1},{"partition":1,"offset":0}],"waitMs":20}""");

        Assert.Equal("""{"records":[],"positions":[{"partition":0,"nextOffset":1},{"partition":1,"nextOffset":0}]}""", body.ToJsonString());
    }

    [Fact]
    public async Task Batches_are_answered_whole_behind_the_number_of_their_partition_and_their_length()
    {
        await AppendAsync(Batch("1", "2"));
        await AppendAsync(Batch("3"));
        await AppendAsync(Batch("4"), partition: 1);

        var partitions = await ReadBatchesAsync("""{"positions":[{"partition":0,"offset":1},{"partition":1,"offset":0}]}""");

        Assert.Equal([0, 1], partitions.Keys.Order());
        Assert.Equal([(0L, 2L), (2L, 3L)], partitions[0].Select(batch => (batch.BaseOffset, batch.NextOffset)));
        Assert.Equal("4", ValueOf(Assert.Single(partitions[1])));
    }

    [Fact]
    public async Task Batches_are_an_empty_body_when_every_partition_is_at_its_end() => Assert.Empty(await ReadBatchesAsync(FromStart));

    [Fact]
    public async Task A_read_never_passes_the_gateways_own_limit()
    {
        var batch = Batch(new string('a', 400));
        for (var append = 0; append < 4; append++)
        {
            await AppendAsync(batch, partition: append % 2);
        }

        var partitions = await ReadBatchesAsync("""{"positions":[{"partition":0,"offset":0},{"partition":1,"offset":0}],"maxBytes":1000000}""");

        Assert.Equal([1, 1], partitions.Values.Select(batches => batches.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_read_that_waits_is_answered_by_an_append_to_any_of_its_partitions(int partition)
    {
        var waiting = ReadJsonAsync("""{"positions":[{"partition":0,"offset":0},{"partition":1,"offset":0}],"waitMs":600000}""");
        await Gateway.ArrivalAsync(Reads);
        Assert.False(waiting.IsCompleted);

        await AppendAsync(Batch("1"), partition);

        Assert.Equal(partition, (int)Assert.Single((await waiting)["records"]!.AsArray())!["partition"]!);
    }

    [Fact]
    public async Task A_read_that_waits_ends_when_the_host_stops()
    {
        var waiting = ReadJsonAsync("""{"positions":[{"partition":0,"offset":0},{"partition":1,"offset":0}],"waitMs":600000}""");
        await Gateway.ArrivalAsync(Reads);

        await Gateway.App.StopAsync();

        Assert.Empty((await waiting)["records"]!.AsArray());
    }

    [Fact]
    public async Task A_position_that_is_not_there_is_refused_with_its_partition_and_what_that_holds()
    {
        await AppendAsync(Batch("1", "2"), partition: 1);

        var outOfRange = await AssertProblemAsync(
            await PostAsync("""{"positions":[{"partition":0,"offset":0},{"partition":1,"offset":3}]}"""), 400, "offset-out-of-range");
        var unknown = await AssertProblemAsync(
            await PostAsync("""{"positions":[{"partition":0,"offset":0},{"partition":7,"offset":0}]}"""), 404, "unknown-partition");

        Assert.Equal(
            (1, 3L, 0L, 2L),
            ((int)outOfRange["partition"]!, (long)outOfRange["offset"]!, (long)outOfRange["start"]!, (long)outOfRange["end"]!));
        Assert.Equal(7, (int)unknown["partition"]!);
        await AssertProblemAsync(await Http.PostAsync("/v1/topics/nowhere/reads", Content(FromStart, JsonType)), 404, "unknown-topic");
    }

    [Theory]
    [InlineData("", "positions")]
    [InlineData("{}", "positions")]
    [InlineData("""{"positions":[]}""", "positions")]
    [InlineData("""{"positions":[null]}""", "null")]
    [InlineData("""{"positions":[{"partition":0}]}""", "offset")]
    [InlineData("""{"positions":[{"offset":0}]}""", "partition")]
    [InlineData("""{"positions":[{"partition":0,"offset":"first"}]}""", "$.positions[0].offset")]
    [InlineData("""{"positions":[{"partition":0,"offset":0},{"partition":0,"offset":1}]}""", "partition 0 twice")]
    [InlineData("""{"positions":[{"partition":0,"offset":0}],"maxBytes":0}""", "maxBytes")]
    [InlineData("""{"positions":[{"partition":0,"offset":0}],"waitMs":-1}""", "waitMs")]
    [InlineData("""{"positions":[{"partition":0,"offset":0}],"wait":1}""", "wait")]
    public async Task A_body_that_does_not_fit_is_refused_with_what_is_wrong(string body, string fault)
    {
        var problem = await AssertProblemAsync(await PostAsync(body), 400, "invalid-request");

        Assert.Contains(fault, (string?)problem["detail"]);
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        settings.Limits.ReadBytes = 1000;
        settings.Limits.Wait = TimeSpan.FromHours(1);
    });

    private Task<HttpResponseMessage> PostAsync(string body) => Http.PostAsync(Reads, Content(body, JsonType));

    private async Task<System.Text.Json.Nodes.JsonNode> ReadJsonAsync(string body) => await JsonAsync(await PostAsync(body));

    private async Task<Dictionary<int, List<RecordBatch>>> ReadBatchesAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Reads) { Content = Content(body, JsonType) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(PartitionBatchesType));
        using var response = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(PartitionBatchesType, response.Content.Headers.ContentType?.ToString());
        var partitions = new Dictionary<int, List<RecordBatch>>();
        for (var rest = (await response.Content.ReadAsByteArrayAsync()).AsMemory(); !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[4..]);
            partitions.Add(BinaryPrimitives.ReadInt32BigEndian(rest.Span), Split(rest.Slice(8, length)));
            rest = rest[(8 + length)..];
        }

        return partitions;
    }

    private static List<RecordBatch> Split(ReadOnlyMemory<byte> bytes)
    {
        var batches = new List<RecordBatch>();
        while (!bytes.IsEmpty)
        {
            var length = RecordBatch.MeasureFirst(bytes.Span)!.Value;
            batches.Add(RecordBatch.Validate(bytes[..length]));
            bytes = bytes[length..];
        }

        return batches;
    }
}
