using AccessLog;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>Sends log lines to a host of the access-log pipeline, some of them malformed, and a request that is refused.</summary>
internal sealed class AccessLogTraffic : IAsyncDisposable
{
    private const string Line = """192.0.2.7 - - [06/Jan/2025:00:00:01 +0000] "GET /products/7 HTTP/1.1" 404 512 "-" "Mozilla/5.0" """;

    private readonly HttpClient _http;
    private readonly PipelineClient _client;
    private readonly Producer _producer;

    public AccessLogTraffic(Uri host)
    {
        _http = new HttpClient { BaseAddress = host };
        _client = new PipelineClient(host.ToString());
        _producer = _client.CreateProducer(AccessLogPipeline.Source);
    }

    /// <summary>Sends a few hundred lines; completes when they are durable.</summary>
    public async Task SendAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number =>
            _producer.SendAsync($"192.0.2.{number % 250}", number % 50 == 0 ? "no log line" : Line.TrimEnd()).AsTask()));
        using var refused = await _http.GetAsync("/v1/topics/unheard-of");
    }

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _client.DisposeAsync();
        _http.Dispose();
    }
}
