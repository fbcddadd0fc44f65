using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>
/// Turns all telemetry of this process on until disposal. Every instrument is collected, scraped once a second over HTTP, and sent with
/// the sampled traces by OTLP to a receiver that reads and drops them. The run pays for everything except the start of the two servers:
/// each has answered once before the run begins.
/// </summary>
internal sealed class TelemetryOn : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new();
    private readonly WebApplication _receiver;
    private readonly WebApplication _app;
    private readonly Uri _metrics;
    private Task _scraping = Task.CompletedTask;

    private TelemetryOn(WebApplication receiver, WebApplication app)
    {
        _receiver = receiver;
        _app = app;
        _metrics = new Uri(new Uri(app.Urls.First()), "metrics");
    }

    public static async Task<TelemetryOn> StartAsync()
    {
        var receiver = NewBuilder().Build();
        receiver.MapPost("/v1/{signal}", static context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        await receiver.StartAsync();

        var builder = NewBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["Telemetry:Partitions"] = "true",
        });
        builder.AddPipelineTelemetry();
        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync();
        var telemetry = new TelemetryOn(receiver, app);
        await telemetry.ScrapeOnceAsync();
        app.Services.GetRequiredService<MeterProvider>().ForceFlush();
        telemetry._scraping = telemetry.ScrapeAsync();
        return telemetry;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _scraping;
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        _http.Dispose();
        _stopping.Dispose();
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private Task<byte[]> ScrapeOnceAsync() => _http.GetByteArrayAsync(_metrics, _stopping.Token);

    private async Task ScrapeAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await ScrapeOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
