namespace Orleans.Pipeline.Dashboard.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Values">The values, oldest first; NaN where nothing was measured.</param>
/// <param name="Colour">The number of the line's colour, 1 to 3.</param>
public sealed record ChartLine(string Name, float[] Values, int Colour = 1)
{
    /// <summary>The newest value; NaN if there is none.</summary>
    public float Newest
    {
        get
        {
            var index = Array.FindLastIndex(Values, value => !float.IsNaN(value));
            return index < 0 ? float.NaN : Values[index];
        }
    }

    /// <summary>The mean of the last five values; NaN if there are none.</summary>
    public float Recent => Values.TakeLast(5).Where(value => !float.IsNaN(value)).DefaultIfEmpty(float.NaN).Average();

    /// <summary>The highest value; 0 if there is none.</summary>
    public float Highest => Values.Where(value => !float.IsNaN(value)).DefaultIfEmpty(0).Max();
}
