using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline.Telemetry;

/// <summary>
/// The one meter and the one activity source of everything in Orleans.Pipeline: give <see cref="Name"/> to OpenTelemetry's
/// <c>AddMeter</c> and <c>AddSource</c>. What they measure is described in docs/telemetry.md.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Orleans.Pipeline";

    private static readonly string? Version = typeof(PipelineTelemetry).Assembly.GetName().Version?.ToString(fieldCount: 3);

    internal static ActivitySource Source { get; } = new(Name, Version);

    internal static Meter Meter { get; } = new(Name, Version);
}
