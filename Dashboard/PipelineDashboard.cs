using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Pipeline.Dashboard.Access;
using Orleans.Pipeline.Dashboard.Cluster;
using Orleans.Pipeline.Dashboard.Cost;
using Orleans.Pipeline.Dashboard.Dialogs;
using Orleans.Pipeline.Dashboard.Layout;
using Orleans.Pipeline.Dashboard.Records;
using Orleans.Pipeline.Dashboard.Sampling;
using Orleans.Pipeline.Dashboard.Serving;
using Orleans.Pipeline.Gateway.Pipelines;
using Radzen;

namespace Orleans.Pipeline.Dashboard;

/// <summary>Adds the dashboard to an ASP.NET Core host: pipelines, topics, dead letters and nodes, live in the browser.</summary>
/// <remarks>
/// <code>
/// builder.Services.AddPipelineGateway();
/// builder.Services.AddPipelineDashboard();
/// …
/// app.MapPipelineGateway();
/// app.MapPipelineDashboard();
/// </code>
/// Every file that the browser loads is in this assembly, and the browser contacts no other address.
/// </remarks>
public static class PipelineDashboard
{
    /// <summary>
    /// Adds the services of the dashboard. The host itself adds the gateway, the <see cref="ITopicStore"/> and, if it runs pipelines, the
    /// <see cref="IPipelineEngine"/>. Where the gateway requires API keys, the dashboard does too.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineDashboard(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRazorComponents().AddInteractiveServerComponents();

        // Not AddRadzenComponents: it also adds a chat with language models, whose packages no host ships.
        services.AddScoped<DialogService>();
        services.AddScoped<NotificationService>();
        services.AddDashboardAccess();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OrleansDashboardLink>();
        services.AddSingleton<CostReport>();
        services.AddSingleton<EmbeddedAssets>();
        services.AddSingleton<Recorder>();
        services.AddSingleton(provider => new SnapshotReader(
            provider.GetRequiredService<ITopicStore>(),
            provider.GetRequiredService<GatewayEngine>().Pipelines,
            provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<Confirmations>();
        services.AddSingleton<RecordPageReader>();
        services.AddSingleton<Sampler>();
        services.AddHostedService(provider => provider.GetRequiredService<Sampler>());
        return services;
    }

    /// <summary>
    /// Maps the dashboard's pages at <c>/</c>, and their assets and connection under <c>/_dashboard</c> and <c>/_blazor</c>.
    /// </summary>
    /// <param name="app">The host.</param>
    /// <returns>The group of the pages and their connection, to add conventions such as authorization to.</returns>
    public static RouteGroupBuilder MapPipelineDashboard(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseAntiforgery();
        app.MapAssets();
        var pages = app.MapGroup("");
        pages.MapSignIn();
        pages.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(DashboardAccess.Policy);
        return pages;
    }
}
