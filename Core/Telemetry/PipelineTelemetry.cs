using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orleans.Pipeline;

/// <summary>
/// The meter and the activity source of everything in Orleans.Pipeline. Pass <see cref="Name"/> to OpenTelemetry's <c>AddMeter</c> and
/// <c>AddSource</c>. The measurements are described in docs/telemetry.md.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Orleans.Pipeline";

    /// <summary>
    /// The name of a second meter, for the few instruments with a partition attribute. They have a meter of their own because they
    /// produce many series. To collect them, pass this name to <c>AddMeter</c> too.
    /// </summary>
    public const string PartitionsName = "Orleans.Pipeline.Partitions";

    private static readonly string? Version = typeof(PipelineTelemetry).Assembly.GetName().Version?.ToString(fieldCount: 3);

    internal static ActivitySource Source { get; } = new(Name, Version);

    internal static Meter Meter { get; } = NewMeter(Name);

    /// <summary>Creates a meter for instruments that end before the process does.</summary>
    internal static Meter NewMeter(string name) => new(name, Version);
}
