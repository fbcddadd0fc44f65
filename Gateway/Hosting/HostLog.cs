using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Health;

namespace Orleans.Pipeline.Gateway.Hosting;

internal sealed partial class HostLog(
    GatewayReadiness readiness, IHostApplicationLifetime host, ILogger<HostLog> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        host.ApplicationStopping.Register(LogStopping);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => readiness.CheckAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogStopped();
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "The host is stopping. It commits what is in flight and accepts no more requests.")]
    private partial void LogStopping();

    [LoggerMessage(2, LogLevel.Information, "The host has stopped.")]
    private partial void LogStopped();
}

internal static class HostLogServices
{
    public static void AddHostLog(this IServiceCollection services)
    {
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QuietLog>();
        services.AddHostedService<HostLog>();

        // Turns off .NET's own lines about start, stop, environment and content root. "Now listening on" stays.
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
    }
}
