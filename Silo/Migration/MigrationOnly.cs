using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Silo.Migration;

/// <summary>Prepares the database, logs the changes, and stops the host as soon as it has started.</summary>
internal sealed partial class MigrationOnly(
    SiloSettings settings, IHostApplicationLifetime host, ILogger<MigrationOnly> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var migration = await DatabaseMigration.RunAsync(settings, cancellationToken);
        LogStore(logger, migration.Store.Before, migration.Store.Now);
        LogOrleansTables(logger, migration.MadeOrleansTables ? "created" : "left as they were");
        host.ApplicationStarted.Register(host.StopApplication);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "The store's schema is at version {Now}. It was at version {Before}, where 0 means no schema.")]
    private static partial void LogStore(ILogger logger, int before, int now);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Information,
        Message = "The tables of the cluster's membership were {Change}. The migration is complete; the host stops.")]
    private static partial void LogOrleansTables(ILogger logger, string change);
}

internal static class MigrationOnlyServices
{
    public static void AddMigrationOnly(this IServiceCollection services)
    {
        services.AddHostedService<MigrationOnly>();

        // .NET's own start and stop messages do not mention the migration.
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);

        // Replaces Kestrel, because this host must not listen.
        services.AddSingleton<IServer, NullServer>();
    }
}
