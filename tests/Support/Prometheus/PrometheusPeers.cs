using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Support;

/// <summary>
/// Whom a Prometheus server talks to: it passes scrapes on to the targets, and takes the alerts that an Alertmanager would. So a test
/// knows what Prometheus has seen and done without asking it again and again.
/// </summary>
public sealed class PrometheusPeers : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpClient _http = new();
    private readonly IReadOnlyList<ScrapeTarget> _targets;
    private readonly WebApplication _app;
    private readonly int[] _scrapes;
    private readonly HashSet<string> _alerts = [];
    private readonly List<(Func<bool> IsTrue, TaskCompletionSource Reached)> _waiters = [];

    private PrometheusPeers(IReadOnlyList<ScrapeTarget> targets)
    {
        _targets = targets;
        _scrapes = new int[targets.Count];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/scrape/{index:int}", ScrapeAsync);
        _app.MapPost("/api/v2/alerts", TakeAlertsAsync);
    }

    /// <summary>Where they are reached: <c>127.0.0.1:40123</c>.</summary>
    public string Authority => new Uri(_app.Urls.First()).Authority;

    public static async Task<PrometheusPeers> StartAsync(IReadOnlyList<ScrapeTarget> targets)
    {
        var peers = new PrometheusPeers(targets);
        await peers._app.StartAsync();
        return peers;
    }

    /// <summary>Completes when every target has been scraped that often from now on, and Prometheus has what they gave.</summary>
    public Task WhenScrapedAsync(int times)
    {
        lock (_lock)
        {
            // A target is scraped again only after its scrape before was stored. One that is under way now does not count.
            int[] enough = [.. _scrapes.Select(scrapes => scrapes + times + 1)];
            return WhenAsync(() => _scrapes.Index().All(target => target.Item >= enough[target.Index]));
        }
    }

    /// <summary>Completes when Prometheus has reported a firing alert of that name.</summary>
    public Task WhenFiringAsync(string alert) => WhenAsync(() => _alerts.Contains(alert));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private Task WhenAsync(Func<bool> isTrue)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.Add((isTrue, reached));
            Tell();
        }

        return reached.Task;
    }

    private void Tell()
    {
        foreach (var (isTrue, reached) in _waiters)
        {
            if (isTrue())
            {
                reached.TrySetResult();
            }
        }
    }

    private async Task ScrapeAsync(int index, HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _targets[index].Metrics);
        request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToString());
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        lock (_lock)
        {
            _scrapes[index]++;
            Tell();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task TakeAlertsAsync(HttpContext context)
    {
        using var alerts = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        lock (_lock)
        {
            _alerts.UnionWith(alerts.RootElement.EnumerateArray().Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!));
            Tell();
        }
    }
}
