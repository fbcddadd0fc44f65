using Orleans.Pipeline.Dashboard.Charts;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(7, FigureUnit.Count, 8, 2)]
    [InlineData(34_000, FigureUnit.Rate, 40_000, 10_000)]
    [InlineData(100, FigureUnit.Milliseconds, 100, 25)]
    [InlineData(300 << 20, FigureUnit.Bytes, 384 << 20, 128 << 20)]
    [InlineData(0, FigureUnit.Count, 4, 1)]
    [InlineData(1e15, FigureUnit.Bytes, 1024d * 1024 * 1024 * 1024 * 1024, 256d * 1024 * 1024 * 1024 * 1024)]
    public void An_axis_ends_at_a_round_number_over_a_few_round_ticks(double highest, FigureUnit unit, double top, double step)
    {
        var scale = Scale.For(highest, unit);

        Assert.Equal(top, scale.Top);
        Assert.Equal(step, scale.Ticks[0]);
        Assert.InRange(scale.Ticks.Count, 1, 4);
    }

    [Fact]
    public void Every_value_fits_whatever_it_is()
    {
        var random = new Random(1);
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            var highest = Math.Pow(10, random.NextDouble() * 18);
            var unit = (FigureUnit)random.Next(6);
            var scale = Scale.For(highest, unit);
            Assert.InRange(highest, 0, scale.Top * 1.001);
            Assert.InRange(scale.Ticks.Count, 1, 5);
        }
    }
}
