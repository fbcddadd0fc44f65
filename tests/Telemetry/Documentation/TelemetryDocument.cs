using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Telemetry.Tests.Documentation;

/// <summary>The code of docs/telemetry.md, so that it compiles; <see cref="DocumentationTests"/> compares them.</summary>
internal static class TelemetryDocument
{
    public static void Add(IHostApplicationBuilder builder)
    {
        builder.AddPipelineTelemetry();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.Orleans", "Npgsql"))
            .WithTracing(traces => traces.AddSource(PipelineTelemetry.Name).SetSampler(new AlwaysOnSampler()));
    }
}
