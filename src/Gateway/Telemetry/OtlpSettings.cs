using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Gateway.Telemetry;

/// <summary>What the environment says of where to send telemetry, by the variables of OpenTelemetry's specification.</summary>
/// <remarks>Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and its page on the OTLP exporter.</remarks>
internal sealed class OtlpSettings(IConfiguration environment)
{
    /// <summary>Whether telemetry is switched off as a whole.</summary>
    public bool IsOff => bool.TryParse(environment["OTEL_SDK_DISABLED"], out var isOff) && isOff;

    public bool SendsMetrics => Sends("METRICS");

    public bool SendsTraces => Sends("TRACES");

    /// <summary>Whether it says which traces to sample.</summary>
    public bool HasSampler => Has("OTEL_TRACES_SAMPLER");

    /// <summary>Whether it says what the service is called.</summary>
    public bool HasServiceName => Has("OTEL_SERVICE_NAME") || environment["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) == true;

    private bool Sends(string signal) =>
        (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) && environment[$"OTEL_{signal}_EXPORTER"] != "none";

    private bool Has(string variable) => !string.IsNullOrEmpty(environment[variable]);
}
