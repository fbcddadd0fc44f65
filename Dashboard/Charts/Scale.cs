namespace Orleans.Pipeline.Dashboard.Charts;

/// <summary>A vertical axis from 0 to a round number, with a few round ticks.</summary>
/// <param name="Top">The upper end.</param>
/// <param name="Ticks">The ticks, without 0.</param>
internal sealed record Scale(double Top, IReadOnlyList<double> Ticks)
{
    private const int MaximumTicks = 4;

    /// <summary>Creates the axis on which every value fits.</summary>
    /// <param name="highest">The highest value.</param>
    /// <param name="unit">The unit of the values. Bytes have ticks that are round in powers of two.</param>
    public static Scale For(double highest, FigureUnit unit)
    {
        highest = Math.Max(highest, MinimumTop(unit));
        var (radix, steps) = unit == FigureUnit.Bytes ? (1024d, (double[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) : (10d, [1, 2, 2.5, 5]);
        var magnitude = Math.Pow(radix, Math.Floor(Math.Log(highest / MaximumTicks, radix)));
        var step = steps.Append(radix)
            .Select(factor => factor * magnitude).First(candidate => candidate * MaximumTicks >= highest * 0.9999);
        var count = (int)Math.Ceiling(highest / step * 0.9999);
        return new Scale(step * count, [.. Enumerable.Range(1, count).Select(tick => tick * step)]);
    }

    /// <summary>Keeps noise near zero from filling the whole height.</summary>
    private static double MinimumTop(FigureUnit unit) =>
        unit switch { FigureUnit.Bytes => 1024, FigureUnit.Share => 0.04, FigureUnit.Rate or FigureUnit.Seconds => 0.4, _ => 4 };
}
