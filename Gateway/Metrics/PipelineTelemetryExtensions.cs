using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Pipeline.Gateway.Metrics;

namespace Orleans.Pipeline.Gateway;

/// <summary>Adds OpenTelemetry to a host.</summary>
public static class PipelineTelemetryExtensions
{
    private const string MetricsPath = "/metrics";

    /// <summary>The most series of an instrument. Each combination of attributes is a series.</summary>
    private const int MaximumSeries = 1000;

    private static readonly string[] Meters =
        [PipelineTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>The runtime's instruments whose names break Prometheus' rules: only a histogram's name may end in <c>_count</c>.</summary>
    private static readonly string[] UnfitForPrometheus = ["dotnet.assembly.count", "dotnet.process.cpu.count", "dotnet.timer.count"];

    /// <summary>
    /// Collects the host's metrics, which <see cref="PipelineGateway.MapPipelineGateway"/> then serves at <c>/metrics</c> for Prometheus.
    /// Sends metrics and traces by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or its variant for the signal is set; otherwise nothing is
    /// sent and no trace is recorded. docs/telemetry.md lists the metrics and traces.
    /// </summary>
    /// <remarks>
    /// The method calls <c>AddOpenTelemetry</c>. A host may call that too, to add its own meters, sources, exporters or resource.
    /// <c>OTEL_SDK_DISABLED=true</c> switches all telemetry off.
    /// </remarks>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Changes the settings that were read from the section <c>Telemetry</c>; null leaves them.</param>
    /// <returns>The same host.</returns>
    /// <exception cref="OptionsValidationException">A setting is unknown or invalid; the message names it.</exception>
    public static IHostApplicationBuilder AddPipelineTelemetry(
        this IHostApplicationBuilder builder, Action<TelemetrySettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = TelemetrySettings.Read(builder.Configuration, configure);
        var environment = new OtlpSettings(builder.Configuration);
        if (environment.IsOff)
        {
            return builder;
        }

        var telemetry = builder.Services.AddOpenTelemetry();
        if (!environment.HasServiceName)
        {
            telemetry.ConfigureResource(
                resource => resource.AddService(builder.Environment.ApplicationName, serviceVersion: VersionOfHost()));
        }

        telemetry.WithMetrics(metrics => metrics.Collect(settings, environment));
        if (environment.SendsTraces)
        {
            telemetry.WithTracing(traces => traces.Collect(settings, environment));
        }

        if (settings.Metrics)
        {
            builder.Services.AddSingleton(settings);
        }

        return builder;
    }

    internal static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<TelemetrySettings>() is { } settings)
        {
            var metrics = endpoints.MapPrometheusScrapingEndpoint(MetricsPath).DisableHttpMetrics();
            _ = settings.AnonymousMetrics ? metrics.AllowAnonymous() : metrics.RequireAny(Scopes.Produce | Scopes.Consume | Scopes.Operate);
        }
    }

    private static void Collect(this MeterProviderBuilder metrics, TelemetrySettings settings, OtlpSettings environment)
    {
        metrics
            .AddMeter(Meters)
            .AddView(static instrument => UnfitForPrometheus.Contains(instrument.Name)
                ? MetricStreamConfiguration.Drop
                : new MetricStreamConfiguration { CardinalityLimit = MaximumSeries })
            .SetExemplarFilter(ExemplarFilterType.TraceBased);
        if (settings.Partitions)
        {
            metrics.AddMeter(PipelineTelemetry.PartitionsName);
        }

        if (settings.Metrics)
        {
            metrics.AddPrometheusExporter(static prometheus => prometheus.ScopeInfoEnabled = false);
        }

        if (environment.SendsMetrics)
        {
            metrics.AddOtlpExporter(exporter => environment.Apply(exporter, OtlpSettings.Metrics));
        }
    }

    private static void Collect(this TracerProviderBuilder traces, TelemetrySettings settings, OtlpSettings environment)
    {
        traces
            .AddSource(PipelineTelemetry.Name)
            .AddAspNetCoreInstrumentation(static requests => requests.Filter =
                static context => context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
            .AddOtlpExporter(exporter => environment.Apply(exporter, OtlpSettings.Traces));
        if (!environment.HasSampler)
        {
            traces.SetSampler(new ParentBasedSampler(new LinkedSampler(settings.SampledShare)));
        }
    }

    private static string? VersionOfHost() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
