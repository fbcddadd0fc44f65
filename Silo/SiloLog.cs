using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Nodes;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Silo;

/// <summary>Logs the silo's identity before the silo starts.</summary>
internal sealed partial class SiloLog(
    SiloSettings settings, ILocalSiloDetails silo, OrleansVersion orleans, ILogger<SiloLog> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var store = settings.Postgres is null ? $"SQLite file '{Path.GetFullPath(settings.Database)}'" : "PostgreSQL";
        LogStarting(silo.Name, silo.ClusterId, silo.SiloAddress.Endpoint, settings.GatewayPort, ProcessLoad.Version, orleans.Text, store);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Silo {Silo} of cluster {Cluster} starts at {Address}, for Orleans clients at port {GatewayPort}: " +
        "Orleans.Pipeline {Version}, Orleans {Orleans}, store: {Store}.")]
    private partial void LogStarting(
        string silo, string cluster, IPEndPoint address, int gatewayPort, string version, string? orleans, string store);
}
