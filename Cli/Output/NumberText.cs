using System.Globalization;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>Formats numbers for people.</summary>
internal static class NumberText
{
    /// <summary>Formats a whole number in groups of three digits.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a rate: to a tenth below 10, as a whole number above.</summary>
    public static string Rate(double perSecond) =>
        perSecond.ToString(perSecond is > 0 and < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a time as ISO 8601 in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Formats a number of things: <c>1 record</c>, <c>2 records</c>.</summary>
    public static string Of(long number, string thing) => $"{Count(number)} {thing}{(number == 1 ? "" : "s")}";
}
