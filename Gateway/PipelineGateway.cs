using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Appending;
using Orleans.Pipeline.Gateway.Appending.Uploads;
using Orleans.Pipeline.Gateway.Metrics;
using Orleans.Pipeline.Gateway.DeadLetters;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Health;
using Orleans.Pipeline.Gateway.Hosting;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Pipelines;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Gateway.Reading;
using Orleans.Pipeline.Gateway.Reading.Tailing;
using Orleans.Pipeline.Gateway.Server;
using Orleans.Pipeline.Gateway.Settings;
using Orleans.Pipeline.Gateway.Topics;
using Orleans.Pipeline.Hosting;

namespace Orleans.Pipeline.Gateway;

/// <summary>Adds the HTTP API to an ASP.NET Core host.</summary>
public static class PipelineGateway
{
    /// <summary>The tag of the health checks that <c>/health/ready</c> runs. A host may add its own.</summary>
    public const string ReadyTag = "orleans-pipeline-ready";

    /// <summary>
    /// Adds the services of the HTTP API, with the settings in the sections <c>Gateway</c> and <c>Cost</c> of the configuration. The host
    /// itself adds the <see cref="ITopicStore"/> and, if it runs pipelines, the <see cref="IPipelineEngine"/>.
    /// </summary>
    /// <remarks>As <see cref="AddPipelineGateway(IServiceCollection, Action{GatewaySettings}?)"/>.</remarks>
    /// <param name="builder">The host, such as a <see cref="WebApplicationBuilder"/>.</param>
    /// <param name="configure">Changes the settings that were read; null keeps them.</param>
    /// <returns>The same host.</returns>
    /// <exception cref="OptionsValidationException">A price in the section <c>Cost</c> is invalid; the message names it.</exception>
    public static IHostApplicationBuilder AddPipelineGateway(
        this IHostApplicationBuilder builder, Action<GatewaySettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(GatewaySettings.Section);
        builder.Services.AddSingleton<IConfigureOptions<GatewaySettings>>(new GatewaySettingsBinding(section));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<GatewaySettings>>(
            new ConfigurationChangeTokenSource<GatewaySettings>(section));
        builder.Services.AddSingleton(CostSettings.Read(builder.Configuration));
        builder.Services.AddPipelineGateway(configure);
        return builder;
    }

    /// <summary>
    /// Adds the services of the HTTP API, with settings by code only. The host itself adds the <see cref="ITopicStore"/> and, if it runs
    /// pipelines, the <see cref="IPipelineEngine"/>.
    /// </summary>
    /// <remarks>
    /// Middleware before the host's own turns every error under <c>/v1</c> into problem details (RFC 9457).
    /// A parameter that does not parse raises an exception in the whole host (<see cref="RouteHandlerOptions.ThrowOnBadRequest"/>), because
    /// otherwise the response could not name the parameter.
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the settings; null keeps every default.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPipelineGateway(this IServiceCollection services, Action<GatewaySettings>? configure = null)
    {
        services.AddSingleton<IValidateOptions<GatewaySettings>, GatewaySettingsValidation>();
        services.AddOptions<GatewaySettings>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddGatewayAccess();
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelGuard>());
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, HeadRequests>()); // outermost, so that errors have no body either
        LoopbackOnly.AddTo(services);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GatewaySettings>>().Value);
        services.AddSingleton(provider => provider.GetRequiredService<GatewaySettings>().Limits.Records); // The engine keeps to them too.
        services.AddPipelineCore();
        services.TryAddSingleton(new CostSettings());
        services.AddHostedService<PriceGauges>();
        services.AddSingleton(provider => new GatewayEngine(provider.GetService<IPipelineEngine>()));
        services.AddSingleton<KeylessPartitions>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<NdjsonUploads>();
        services.AddSingleton<JsonAppends>();
        services.AddSingleton<TopicTails>();
        services.AddSingleton<ReadBounds>();
        services.AddTransient<IStartupFilter, ProblemPages>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddGatewayHealth();
        services.AddHostLog();
        services.AddGatewayOpenApi();
        return services;
    }

    /// <summary>
    /// Maps the HTTP API: everything under <c>/v1</c>, <c>/health/live</c>, <c>/health/ready</c>, the API's description at
    /// <c>/openapi/v1.json</c>, and <c>/metrics</c> if <see cref="PipelineTelemetryExtensions.AddPipelineTelemetry"/> was called.
    /// </summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <returns>The group of the endpoints under <c>/v1</c>, to add conventions such as authorization to.</returns>
    /// <exception cref="OptionsValidationException">A setting is out of range; the message names it.</exception>
    public static RouteGroupBuilder MapPipelineGateway(this IEndpointRouteBuilder endpoints)
    {
        var settings = endpoints.ServiceProvider.GetRequiredService<GatewaySettings>();
        endpoints.ServiceProvider.GetRequiredService<Callers>(); // follows the settings from now on
        var api = endpoints.MapGroup("/v1");
        api.WithMetadata(new RequestSizeLimit(settings.Limits.RequestBytes));
        AccessNeed.CloseUnsaid(api);
        UnreadableParameter.RefuseEmpty(api);
        UnknownParameter.Refuse(api);
        endpoints.ServiceProvider.GetRequiredService<RequestLimits>().Apply(api);
        api.MapTopics();
        api.MapProducers();
        api.MapBatches();
        api.MapRecordAppends();
        api.MapReads();
        api.MapSeveralReads();
        api.MapTails();
        api.MapPipelines();
        api.MapServer();
        api.MapDeadLetters();
        api.MapNodes();
        endpoints.MapHealth();
        endpoints.MapDescription();
        endpoints.MapMetrics();
        return api;
    }
}
