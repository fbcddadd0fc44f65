using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline;

/// <summary>
/// The one meter and the one activity source of everything in Orleans.Pipeline: give <see cref="Name"/> to OpenTelemetry's
/// <c>AddMeter</c> and <c>AddSource</c>. What they measure is described in docs/telemetry.md.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Orleans.Pipeline";

    /// <summary>
    /// The name of a second meter, of the few instruments that have an attribute for the partition. They are apart because of their
    /// number. To collect them, pass this name to <c>AddMeter</c> too.
    /// </summary>
    public const string PartitionsName = "Orleans.Pipeline.Partitions";

    private static readonly string? Version = typeof(PipelineTelemetry).Assembly.GetName().Version?.ToString(fieldCount: 3);

    internal static ActivitySource Source { get; } = new(Name, Version);

    internal static Meter Meter { get; } = NewMeter(Name);

    /// <summary>Makes a meter of a name, for instruments that end before the process does.</summary>
    internal static Meter NewMeter(string name) => new(name, Version);
}
