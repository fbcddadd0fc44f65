using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Orleans.Pipeline.Gateway.Metrics;

/// <summary>
/// Samples a share of the spans that begin a trace, and every span that links to a sampled one. So a record can be followed from stage to
/// stage, although its batch has records of many other traces.
/// </summary>
internal sealed class LinkedSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler _share = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        foreach (var link in samplingParameters.Links ?? [])
        {
            if ((link.Context.TraceFlags & ActivityTraceFlags.Recorded) != ActivityTraceFlags.None)
            {
                return new SamplingResult(SamplingDecision.RecordAndSample);
            }
        }

        return _share.ShouldSample(samplingParameters);
    }
}
