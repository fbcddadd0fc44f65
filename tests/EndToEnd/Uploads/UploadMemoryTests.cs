using System.Text.Json.Nodes;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.EndToEnd.Tests.Hosts;
using Xunit.Abstractions;

namespace Orleans.Pipeline.EndToEnd.Tests.Uploads;

public sealed class UploadMemoryTests(ITestOutputHelper output)
{
    private const int Lines = 300_000;
    private const int PaddingBytes = 960;

    [Fact]
    public async Task Three_hundred_megabytes_of_lines_go_through_a_heap_of_sixty_four()
    {
        using var directory = new TemporaryDirectory();
        await using var host = SmallHost.Start(directory);
        var address = await host.ReadyAsync();
        await using var client = new PipelineClient(address);
        await client.Topics.CreateTopicAsync("uploads", new TopicSettings { Partitions = 4 });
        using var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

        using var response = await http.PostAsync("/v1/topics/uploads/records?key=key", new NumberedLines(Lines, PaddingBytes));

        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal(Lines, (int)JsonNode.Parse(body)!["appended"]!);
        var bounds = await client.Topics.GetTopicBoundsAsync("uploads");
        Assert.Equal(Lines, bounds.Sum(partition => partition.End));
        Assert.True(bounds.Sum(partition => partition.Bytes) > 300_000_000);
        output.WriteLine($"Peak memory of the host: {host.PeakBytes >> 20} MiB.");
        Assert.Equal(0, await host.TerminateAsync());
    }
}
