using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Gateway.Health;

internal sealed partial class GatewayReadiness(HealthCheckService health, IHostApplicationLifetime host, ILogger<GatewayReadiness> logger)
{
    private readonly Lock _lock = new();
    private bool? _wasReady;

    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains(PipelineGateway.ReadyTag), cancellationToken);
        if (!host.ApplicationStopping.IsCancellationRequested && IsNews(IsReady(report)))
        {
            Log(report);
        }

        return report;
    }

    public static bool IsReady(HealthReport report) => report.Status != HealthStatus.Unhealthy;

    public static string? ReasonOf(HealthReportEntry check) => check.Description ?? check.Exception?.Message;

    private bool IsNews(bool isReady)
    {
        lock (_lock)
        {
            var isNews = _wasReady != isReady;
            _wasReady = isReady;
            return isNews;
        }
    }

    private void Log(HealthReport report)
    {
        if (IsReady(report))
        {
            LogReady();
            return;
        }

        var failed = report.Entries.Where(check => check.Value.Status == HealthStatus.Unhealthy);
        LogUnready(string.Join("; ", failed.Select(check => $"{check.Key}: {ReasonOf(check.Value)}")));
    }

    [LoggerMessage(1, LogLevel.Information, "The host is ready for requests.")]
    private partial void LogReady();

    [LoggerMessage(2, LogLevel.Warning, "The host is not ready for requests. {Checks}")]
    private partial void LogUnready(string checks);
}
