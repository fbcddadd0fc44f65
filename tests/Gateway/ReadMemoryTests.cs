using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Limits;

namespace Orleans.Pipeline.Gateway.Tests;

/// <summary>Answers that are large because records unpack, and clients that do not take them.</summary>
public sealed class ReadMemoryTests : GatewayTest
{
    private const int Limit = 8 << 20;
    private const int Batches = 4;
    private const int Values = 12;
    private const string Records = "/v1/topics/orders/partitions/0/records";
    private const string Reads = "/v1/topics/orders/reads";

    private static readonly string Value = new('1', 1_000_000);

    private BodyBudget Memory => Gateway.App.Services.GetRequiredService<BodyBudget>();

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(settings =>
    {
        settings.Limits.RequestBytes = Limit;
        settings.Limits.BodyBytesInFlight = Limit;
        settings.Limits.ResponseBytesPerSecond = 0;
    });

    [Fact]
    public async Task A_batch_that_unpacks_to_more_than_there_is_memory_is_read_alone_and_nothing_beside_it()
    {
        await AppendManyAsync();

        using var slow = await Http.GetAsync($"{Records}?offset=0", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, slow.StatusCode);
        Assert.True(Memory.Held > Limit);
        await AssertProblemAsync(await Http.GetAsync($"{Records}?offset=0"), 503, "overloaded");
        await AssertProblemAsync(await Http.PostAsync(Reads, Content("""{"positions":[{"partition":0,"offset":0}]}""", JsonType)), 503, "overloaded");
        await Gateway.DepartureAsync(Records);
        slow.Dispose();
        await Gateway.DepartureAsync(Records);

        Assert.Equal(0, Memory.Held);
        Assert.Equal(Batches * Values, (await GetJsonAsync($"{Records}?offset=0"))["records"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_was_read_is_answered_whole_however_often_it_is_sent_on()
    {
        await AppendManyAsync();

        var one = await GetJsonAsync($"{Records}?offset=5");
        var several = await JsonAsync(await Http.PostAsync(Reads, Content("""{"positions":[{"partition":0,"offset":5},{"partition":1,"offset":0}]}""", JsonType)));

        foreach (var (body, partitions) in new[] { (one, 0), (several, 1) })
        {
            var records = body["records"]!.AsArray();
            Assert.Equal(
                Enumerable.Range(5, (Batches * Values) - 5).Select(offset => (long)offset),
                records.Select(record => (long)record!["offset"]!));
            Assert.All(records, record => Assert.Equal(Value, record!["value"]!.ToJsonString()));
            Assert.All(records, record => Assert.Equal(partitions, record!.AsObject().Count(member => member.Key == "partition")));
        }

        Assert.Equal(Batches * Values, (long)one["nextOffset"]!);
        Assert.Equal("""[{"partition":0,"nextOffset":48},{"partition":1,"nextOffset":0}]""", several["positions"]!.ToJsonString());
        Assert.Equal(0, Memory.Held);
    }

    private async Task AppendManyAsync()
    {
        var builder = new RecordBatchBuilder();
        for (var value = 0; value < Values; value++)
        {
            builder.Append(default, Encoding.ASCII.GetBytes(Value), timestamp: 5);
        }

        var batch = builder.Build(compression: Compression.Gzip).Bytes.ToArray();
        for (var append = 0; append < Batches; append++)
        {
            await JsonAsync(await AppendAsync(batch));
        }
    }
}
