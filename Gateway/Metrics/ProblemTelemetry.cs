using System.Diagnostics.Metrics;
using Orleans.Pipeline.Telemetry;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Metrics;

/// <summary>Counts the requests that the gateway refuses or fails. ASP.NET Core measures all requests.</summary>
internal static class ProblemTelemetry
{
    private static readonly Counter<long> Problems = PipelineTelemetry.Meter.CreateCounter<long>(
        "pipeline.gateway.problems", "{request}", "Requests answered with a problem, by its code");

    public static void Note(Problem problem) =>
        Problems.Add(1, new(TelemetryTags.ErrorType, problem.Code), new(TelemetryTags.StatusCode, problem.Status));
}
