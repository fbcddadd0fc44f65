using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Pipeline.Dashboard;
using Orleans.Pipeline.Gateway;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Silo.Migration;
using Orleans.Runtime.MembershipService;

namespace Orleans.Pipeline.Silo;

/// <summary>Makes an ASP.NET Core host a silo of a cluster that runs pipelines, with the HTTP API in front of it.</summary>
/// <remarks>
/// <code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddPipelineSilo(pipelines => pipelines.Add("traffic", …));
/// await using var app = builder.Build();
/// app.MapPipelineSilo();
/// await app.RunAsync();
/// </code>
/// </remarks>
public static class PipelineSilo
{
    /// <summary>The time that a stop may take after the records in flight: to leave the cluster and close connections.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds the store, the silo, the gateway, the dashboards and their health checks, as the configuration says. The store opens when the
    /// host starts. With <see cref="SiloSettings.MigrateOnly"/> the host only prepares the database when it starts, and then stops.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="define">Adds the pipelines: the same ones on every silo.</param>
    /// <param name="configure">Configures the silo further, for example adds storage for your grains; null for nothing.</param>
    /// <returns>The same host.</returns>
    /// <exception cref="InvalidSiloSettingException">A setting is unknown or invalid; the message names it.</exception>
    /// <exception cref="InvalidPipelineException">A definition cannot work; the message says what to change.</exception>
    public static WebApplicationBuilder AddPipelineSilo(
        this WebApplicationBuilder builder, Action<PipelineCatalog> define, Action<ISiloBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(define);
        var settings = SiloSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(settings);
        if (settings.MigrateOnly)
        {
            builder.Services.AddMigrationOnly();
            return builder;
        }

        builder.Services.AddSiloStore(settings);
        builder.Services.AddHostedService<SiloLog>();
        builder.UseOrleans(silo =>
        {
            silo.UseClustering(settings);
            silo.AddPipelines(define, new ClusterSettings
            {
                ReadAheadBytes = settings.ReadAheadBytes,
                RetentionInterval = settings.RetentionInterval,
                ForgetAfter = settings.ForgetAfter,
                StopTimeout = settings.StopTimeout,
            });
            if (settings.Dashboard)
            {
                silo.AddDashboard();
            }

            configure?.Invoke(silo);
        });
        builder.AddPipelineGateway();
        if (settings.Dashboard)
        {
            builder.Services.AddPipelineDashboard();
        }

        builder.AddPipelineTelemetry();
        builder.Services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo", tags: [PipelineGateway.ReadyTag]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.StopTimeout + LeaveTimeout);
        return builder;
    }

    /// <summary>
    /// Maps the HTTP API and, with <see cref="SiloSettings.Dashboard"/>, the dashboard at <c>/</c> and the Orleans dashboard under
    /// <c>/orleans</c>. If callers must authenticate, the Orleans dashboard requires <see cref="Scopes.Operate"/>. Maps nothing with
    /// <see cref="SiloSettings.MigrateOnly"/>.
    /// </summary>
    /// <param name="app">The host.</param>
    /// <param name="protect">Adds conventions, such as authorization, to every group of endpoints except health; null for none.</param>
    public static void MapPipelineSilo(this WebApplication app, Action<RouteGroupBuilder>? protect = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var settings = app.Services.GetRequiredService<SiloSettings>();
        if (settings.MigrateOnly)
        {
            return;
        }

        protect ??= _ => { };
        protect(app.MapPipelineGateway());
        if (settings.Dashboard)
        {
            protect(app.MapPipelineDashboard());
            protect(app.MapOrleansDashboard("/orleans").RequireAny(Scopes.Operate));
        }
    }

    private static void UseClustering(this ISiloBuilder silo, SiloSettings settings)
    {
        if (settings.Clustering == SiloClustering.Localhost)
        {
            var first = settings.FirstSiloPort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, first, settings.ServiceId, settings.ClusterId);
            silo.AddMemoryGrainStorage("PubSubStore");
        }
        else
        {
            var connectionString = OrleansTables.ConnectionStringFor(settings.Postgres!);
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
            silo.ConfigureEndpoints(
                settings.Address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(settings.Address));
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString));
            silo.AddAdoNetGrainStorage(
                "PubSubStore", options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString));
            silo.Services.AddSingleton<IMembershipTable>(services => new ShutdownTolerantMembershipTable(
                ActivatorUtilities.CreateInstance<AdoNetClusteringTable>(services),
                services.GetRequiredService<IHostApplicationLifetime>()));
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoiningHeartbeat>();
        }

        silo.Services.AddKeyedSingleton<TimeProvider>(
            TimeProviderNames.Membership, (services, _) => new MembershipClock(services.GetRequiredService<TimeProvider>()));
        silo.ConfigureFailureDetection(settings.ProbeTimeout);
    }

    private static void ConfigureFailureDetection(this ISiloBuilder silo, TimeSpan probeTimeout)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = probeTimeout;

            // By default Orleans extends a probe's timeout up to four times, depending on how long earlier probes took, and counts a silo
            // as alive for twice that after its last message. Together, finding a frozen silo would take eight times as long.
            membership.MinProbeTimeout = probeTimeout;
            membership.MaxProbeTimeout = probeTimeout;
            membership.NumMissedProbesLimit = 2;

            // An indirect probe waits no longer than the silo that forwards it, so it never reports on a silent silo. Without indirect
            // probes, each silo votes on what it sees itself; two must agree.
            membership.EnableIndirectProbes = false;

            // Two votes are impossible while most of the cluster is dead. Then only members with a recent heartbeat count, so heartbeats
            // must come as often as probes. Heartbeats travel only through the table.
            membership.IAmAliveTablePublishTimeout = probeTimeout;
            membership.TableRefreshTimeout = 2 * probeTimeout;
        });

        // The grain directory may query a silent silo just when that silo is found dead. The query is repeated after this timeout; until
        // then a partition that leaves its silo does not start on another.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.SystemResponseTimeout = 3 * probeTimeout);
    }
}
