using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Orleans.Pipeline.Gateway.Metrics;

/// <summary>The destinations of telemetry in the environment variables of OpenTelemetry's specification.</summary>
/// <remarks>
/// Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and its page on the OTLP exporter.
/// </remarks>
internal sealed class OtlpSettings(IConfiguration environment)
{
    /// <summary>The signals, as their variables name them.</summary>
    public const string Metrics = "METRICS";
    public const string Traces = "TRACES";

    public bool IsOff => bool.TryParse(environment["OTEL_SDK_DISABLED"], out var isOff) && isOff;

    public bool SendsMetrics => Sends(Metrics);

    public bool SendsTraces => Sends(Traces);

    public bool HasSampler => Has("OTEL_TRACES_SAMPLER");

    public bool HasServiceName =>
        Has("OTEL_SERVICE_NAME") || environment["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) == true;

    /// <summary>Applies the variables of one signal. The exporter itself reads the variables of all signals.</summary>
    public void Apply(OtlpExporterOptions options, string signal)
    {
        if (Of(signal, "ENDPOINT") is { } endpoint)
        {
            options.Endpoint = new Uri(endpoint);
        }

        if (Of(signal, "PROTOCOL") is { } protocol)
        {
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (Of(signal, "HEADERS") is { } headers)
        {
            options.Headers = headers;
        }

        if (int.TryParse(Of(signal, "TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            options.TimeoutMilliseconds = milliseconds;
        }
    }

    private string? Of(string signal, string setting) =>
        environment[$"OTEL_EXPORTER_OTLP_{signal}_{setting}"] is { Length: > 0 } value ? value : null;

    private bool Sends(string signal) =>
        (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Of(signal, "ENDPOINT") is not null) && environment[$"OTEL_{signal}_EXPORTER"] != "none";

    private bool Has(string variable) => !string.IsNullOrEmpty(environment[variable]);
}
