using Orleans.Pipeline.Dashboard.Text;

namespace Orleans.Pipeline.Dashboard.Charts;

/// <summary>The unit of a chart's values.</summary>
public enum FigureUnit
{
    /// <summary>A number of things.</summary>
    Count,

    /// <summary>Things per second.</summary>
    Rate,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Milliseconds.</summary>
    Milliseconds,

    /// <summary>A share of 1.</summary>
    Share,

    /// <summary>Seconds of work, never shown as minutes.</summary>
    Seconds,
}

internal static class FigureUnits
{
    public static string Say(this FigureUnit unit, double value) => unit switch
    {
        FigureUnit.Rate => Format.Rate(value),
        FigureUnit.Bytes => Format.Bytes(value),
        FigureUnit.Milliseconds => Format.Milliseconds(value),
        FigureUnit.Seconds => Format.Seconds(value),
        FigureUnit.Share => Format.Share(value),
        _ => Format.Count(value),
    };
}
