using System.Diagnostics;
using OpenTelemetry.Trace;
using Orleans.Pipeline.Gateway.Metrics;

namespace Orleans.Pipeline.Telemetry.Tests.Tracing;

public sealed class SamplerTests
{
    private readonly LinkedSampler _none = new(share: 0);

    [Fact]
    public void What_is_linked_to_a_trace_that_is_sampled_is_sampled() => Assert.Equal(
        SamplingDecision.RecordAndSample, Decide(_none, Link(ActivityTraceFlags.None), Link(ActivityTraceFlags.Recorded)));

    [Fact]
    public void What_is_linked_to_others_only_is_not() => Assert.Equal(SamplingDecision.Drop, Decide(_none, Link(ActivityTraceFlags.None)));

    [Fact]
    public void Of_what_has_no_link_a_share_is_sampled()
    {
        Assert.Equal(SamplingDecision.Drop, Decide(_none));
        Assert.Equal(SamplingDecision.RecordAndSample, Decide(new LinkedSampler(share: 1)));
    }

    private static SamplingDecision Decide(Sampler sampler, params ActivityLink[] links) => sampler
        .ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), "process", ActivityKind.Consumer, tags: null, links))
            .Decision;

    private static ActivityLink Link(ActivityTraceFlags flags) =>
        new(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags));
}
