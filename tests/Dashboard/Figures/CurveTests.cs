using Orleans.Pipeline.Dashboard.Charts;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class CurveTests
{
    [Fact]
    public void A_line_goes_from_value_to_value() => Assert.Equal("M0 100L1 50L2 0", Curve.Line([0, 5, 10], top: 10, secondsPerStep: 1));

    [Fact]
    public void A_line_passes_over_seconds_in_which_nothing_was_measured_and_breaks_where_that_lasted()
    {
        float[] values = [10, float.NaN, 10, .. Enumerable.Repeat(float.NaN, 30), 5];

        Assert.Equal("M0 0L2 0M33 50", Curve.Line(values, top: 10, secondsPerStep: 1));
    }

    [Fact]
    public void An_area_is_closed_at_the_bottom() => Assert.Equal("M0 100L0 50L1 0V100Z", Curve.Area([5, 10], top: 10, secondsPerStep: 1));

    [Fact]
    public void Nothing_measured_draws_nothing() => Assert.Equal("", Curve.Area([float.NaN, float.NaN], top: 10, secondsPerStep: 1));
}
