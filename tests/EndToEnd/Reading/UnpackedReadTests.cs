using System.Text;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.EndToEnd.Tests.Hosts;

namespace Orleans.Pipeline.EndToEnd.Tests.Reading;

public sealed class UnpackedReadTests
{
    private const int Batches = 40;
    private const int Values = 8;
    private const int ValueBytes = 1_000_000;

    [Fact]
    public async Task Three_hundred_megabytes_that_were_compressed_to_a_few_are_read_as_JSON_from_a_heap_of_sixty_four()
    {
        using var directory = new TemporaryDirectory();
        await using var host = SmallHost.Start(directory);
        var address = await host.ReadyAsync();
        await using var client = new PipelineClient(address);
        await client.Topics.CreateTopicAsync("packed", new TopicSettings { Partitions = 1 });
        await AppendAsync(client.Topics);
        using var http = new HttpClient { BaseAddress = address };

        using var answer = await http.GetAsync(
            "/v1/topics/packed/partitions/0/records?offset=0&maxBytes=4194304", HttpCompletionOption.ResponseHeadersRead);

        Assert.InRange(await LengthAsync(answer), (long)Batches * Values * ValueBytes, long.MaxValue);
        Assert.Equal(0, await host.TerminateAsync());
    }

    private static async Task AppendAsync(ITopicLog topics)
    {
        var value = Encoding.ASCII.GetBytes(new string('1', ValueBytes));
        var builder = new RecordBatchBuilder();
        for (var record = 0; record < Values; record++)
        {
            builder.Append(default, value, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        var batch = builder.Build(compression: Compression.Gzip).Bytes.ToArray();
        for (var append = 0; append < Batches; append++)
        {
            await topics.AppendAsync(new("packed", 0), RecordBatch.Validate(batch));
        }
    }

    private static async Task<long> LengthAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (buffer, length) = (new byte[1 << 16], 0L);
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            length += read;
        }

        return length;
    }
}
