using System.Globalization;
using System.Text;

namespace Orleans.Pipeline.Dashboard.Charts;

/// <summary>Draws values as an SVG path that is 100 high and 1 wide per step.</summary>
internal static class Curve
{
    public const int Height = 100;

    /// <summary>The longest pause within a line. Without viewers a figure is sampled every ten seconds; a longer pause is a gap.</summary>
    private const int MaximumGapSeconds = 25;

    public static string Line(ReadOnlySpan<float> values, double top, double secondsPerStep)
    {
        var path = new StringBuilder();
        Walk(values, secondsPerStep, (x, value, begins, _) => Point(path, begins ? 'M' : 'L', x, value, top));
        return path.ToString();
    }

    public static string Area(ReadOnlySpan<float> values, double top, double secondsPerStep)
    {
        var path = new StringBuilder();
        Walk(values, secondsPerStep, (x, value, begins, ends) =>
        {
            if (begins)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{x} {Height}");
            }

            Point(path, 'L', x, value, top);
            if (ends)
            {
                path.Append(CultureInfo.InvariantCulture, $"V{Height}Z");
            }
        });
        return path.ToString();
    }

    private static void Walk(ReadOnlySpan<float> values, double secondsPerStep, Action<int, float, bool, bool> point)
    {
        var gap = Math.Max(1, (int)(MaximumGapSeconds / secondsPerStep));
        var previous = -1;
        var begins = true;
        for (var x = 0; x < values.Length; x++)
        {
            if (float.IsNaN(values[x]))
            {
                continue;
            }

            if (previous >= 0)
            {
                var parted = x - previous > gap;
                point(previous, values[previous], begins, parted);
                begins = parted;
            }

            previous = x;
        }

        if (previous >= 0)
        {
            point(previous, values[previous], begins, true);
        }
    }

    private static void Point(StringBuilder path, char command, int x, float value, double top) =>
        path.Append(CultureInfo.InvariantCulture, $"{command}{x} {Math.Round(Height - (Math.Clamp(value / top, 0, 1) * Height), 1)}");
}
