using System.Net.ServerSentEvents;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.EndToEnd.Tests.Hosts;
using Orleans.Pipeline.EndToEnd.Tests.Uploads;

namespace Orleans.Pipeline.EndToEnd.Tests.Tailing;

public sealed class SlowTailTests
{
    private const int Lines = 100_000;
    private const int SlowClients = 20;

    [Fact]
    public async Task Clients_that_do_not_take_what_they_tail_cost_no_memory_and_hold_up_nobody()
    {
        using var directory = new TemporaryDirectory();
        await using var host = SmallHost.Start(directory);
        var address = await host.ReadyAsync();
        await using var client = new PipelineClient(address);
        await client.Topics.CreateTopicAsync("tailed", new TopicSettings { Partitions = 1 });
        using var http = new HttpClient { BaseAddress = address };
        (await http.PostAsync("/v1/topics/tailed/records", new NumberedLines(Lines, padding: 960))).EnsureSuccessStatusCode();

        var slow = await Task.WhenAll(Enumerable.Range(0, SlowClients).Select(_ => TailAsync(http)));
        using var quick = await TailAsync(http);

        var next = 0;
        await foreach (var item in SseParser.Create(await quick.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            Assert.Equal($"0:{++next}", item.EventId!.Split('@')[0]);
            if (next == Lines)
            {
                break;
            }
        }

        Assert.All(slow, response => Assert.True(response.IsSuccessStatusCode));
        Assert.Equal(0, await host.TerminateAsync());
        Array.ForEach(slow, response => response.Dispose());
    }

    private static Task<HttpResponseMessage> TailAsync(HttpClient http) =>
        http.GetAsync("/v1/topics/tailed/tail?from=start", HttpCompletionOption.ResponseHeadersRead);
}
