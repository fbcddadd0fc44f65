using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Contracts;

/// <summary>What a host is used for when nothing is wrong: records come in, and people and probes look how it is doing.</summary>
public static class OrdinaryUse
{
    private const int RecordsAtOnce = 500;
    private static readonly string[] Looks = ["/health/ready", "/v1/topics", "/v1/pipelines", "/v1/nodes", "/metrics", "/"];

    /// <summary>How long: <c>LOG_SECONDS</c>, or 10 s.</summary>
    private static TimeSpan Duration => TimeSpan.FromSeconds(TestSettings.Int("LOG_SECONDS") ?? 10);

    /// <param name="address">The host.</param>
    /// <param name="topic">Where records go.</param>
    /// <param name="record">The value of each.</param>
    public static async Task RunAsync(Uri address, string topic, string record)
    {
        using var stop = new CancellationTokenSource(Duration);
        using var http = new HttpClient { BaseAddress = address };
        await using var client = new PipelineClient(address);
        await using var producer = client.CreateProducer(topic);
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAll(Enumerable.Range(0, RecordsAtOnce).Select(key => producer.SendAsync($"{key}", record).AsTask()));
            foreach (var look in Looks)
            {
                using var answer = await http.GetAsync(look);
                answer.EnsureSuccessStatusCode();
            }
        }
    }
}
