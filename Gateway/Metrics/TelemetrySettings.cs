using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway;

/// <summary>The telemetry of a host: the section <c>Telemetry</c> of the configuration, or code.</summary>
public sealed class TelemetrySettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Telemetry";

    /// <summary>Whether <c>/metrics</c> is served for Prometheus. Default true.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// Whether <c>/metrics</c> is open without credentials. Otherwise a caller needs any scope, if callers are authenticated. Default
    /// false.
    /// </summary>
    public bool AnonymousMetrics { get; set; }

    /// <summary>Whether the lag is exported by partition too: two more series for each partition of each stage. Default false.</summary>
    public bool Partitions { get; set; }

    /// <summary>
    /// The share, from 0 to 1, of the batches and requests without a trace that begin one. Batches and requests of a trace are sampled if
    /// the trace is. Ignored if the environment variable <c>OTEL_TRACES_SAMPLER</c> is set. Default 0.01.
    /// </summary>
    public double SampledShare { get; set; } = 0.01;

    /// <exception cref="OptionsValidationException">A key is unknown or its value is invalid; the message names it.</exception>
    internal static TelemetrySettings Read(IConfiguration configuration, Action<TelemetrySettings>? configure)
    {
        var section = configuration.GetSection(Section);
        var faults = UnboundSettings.In(section, typeof(TelemetrySettings)).ToList();
        var settings = new TelemetrySettings();
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException unfit)
        {
            faults.Add(unfit.Message);
        }

        configure?.Invoke(settings);
        if (settings.SampledShare is not (>= 0 and <= 1))
        {
            faults.Add($"{Section}:{nameof(SampledShare)} is {settings.SampledShare}; give 0 to 1.");
        }

        return faults.Count == 0 ? settings : throw new OptionsValidationException(Section, typeof(TelemetrySettings), faults);
    }
}
