using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Orleans.Pipeline.Gateway.Metrics;

/// <summary>
/// Samples a share of the spans that begin a trace, and all that are linked to one that is sampled: so a record can be followed from stage
/// to stage, though many records of other traces are in its batch.
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
