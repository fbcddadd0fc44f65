using System.Buffers;
using System.Globalization;

namespace Orleans.Pipeline.Dashboard.Text;

internal static class Format
{
    private static readonly SearchValues<char> FigureCharacters = SearchValues.Create("0123456789.,");

    private const string None = "–";
    private static readonly string[] Thousands = ["", " k", " M", " G", " T"];
    private static readonly string[] Binary = [" B", " KiB", " MiB", " GiB", " TiB", " PiB"];

    /// <summary>A count in full: <c>1,234,567</c>.</summary>
    public static string Full(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count in three digits: <c>1.23 M</c>.</summary>
    public static string Count(double count) => Scaled(count, 1000, Thousands, wholeBelow: 1000);

    /// <summary>A rate per second in three digits: <c>1.23 M/s</c>; small ones with a decimal.</summary>
    public static string Rate(double perSecond) =>
        double.IsNaN(perSecond)
            ? None
            : perSecond is > 0 and < 9.95 ? perSecond.ToString("0.0", CultureInfo.InvariantCulture) + "/s"
            : Count(Math.Round(perSecond)) + "/s";

    /// <summary>Bytes in three digits: <c>1.23 MiB</c>.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, 1024, Binary, wholeBelow: 1024);

    /// <summary>Milliseconds as they are best read: <c>3.2 ms</c>, <c>840 ms</c>, <c>12 s</c>, <c>3 min</c>.</summary>
    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        double.NaN => None,
        < 9.95 => milliseconds.ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 1000 => milliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 60_000 => (milliseconds / 1000).ToString("0.#", CultureInfo.InvariantCulture) + " s",
        _ => Span(TimeSpan.FromMilliseconds(milliseconds)),
    };

    /// <summary>A length of time in its largest one or two units: <c>2 d 4 h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{span.Seconds} s",
        { TotalHours: < 1 } =>
            span.Seconds == 0 || span.TotalMinutes >= 10 ? $"{span.Minutes} min" : $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} h" : $"{span.Hours} h {span.Minutes} min",
        _ => span.Hours == 0 ? $"{span.Days} d" : $"{span.Days} d {span.Hours} h",
    };

    /// <summary>Seconds of work in three digits: <c>0.41 s</c>, <c>66.3 s</c>, <c>1,234 s</c>.</summary>
    public static string Seconds(double seconds) => double.IsNaN(seconds) ? None : seconds.ToString(
        seconds switch { 0 => "0", < 0.0995 => "0.000", < 9.995 => "0.00", < 99.95 => "0.0", _ => "N0" },
            CultureInfo.InvariantCulture) + " s";

    /// <summary>Money to the hundredth, and less than one in two digits: <c>1,234.50 EUR</c>, <c>0.0012 EUR</c>.</summary>
    public static string Money(double amount, string currency) => double.IsNaN(amount) ? None : amount.ToString(
        amount is > 0 and < 0.0995
            ? "0.00" + new string('#', -1 - (int)Math.Floor(Math.Log10(amount)))
            : "N2", CultureInfo.InvariantCulture) + " " + currency;

    public static string Share(double share) =>
        double.IsNaN(share) ? None : (share * 100).ToString(share is > 0 and < 0.0995 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Removes zeros at the end of a figure: <c>20 k/s</c>.</summary>
    public static string Round(string figure)
    {
        var end = figure.AsSpan().IndexOfAnyExcept(FigureCharacters);
        var number = end < 0 ? figure : figure[..end];
        return number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') + figure[number.Length..] : figure;
    }

    /// <summary>A moment to the second, in UTC: <c>2025-11-25 16:04:09</c>.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Precise(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A day, in UTC: <c>2025-11-25</c>.</summary>
    public static string Date(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time of day to the millisecond, in UTC: <c>16:04:09.123</c>.</summary>
    public static string PreciseClock(DateTimeOffset moment) => moment.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A time of day in UTC: <c>16:04:09</c>.</summary>
    public static string Clock(DateTimeOffset moment) => moment.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 record</c>, <c>2 records</c>.</summary>
    public static string Plural(long count, string noun, string? plural = null) => $"{Full(count)} "
        + $"{(count == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>Removes from a version what the build added.</summary>
    public static string Version(string version) => version.Split('+')[0];

    private static string Scaled(double value, double step, string[] units, double wholeBelow)
    {
        if (double.IsNaN(value))
        {
            return None;
        }

        if (Math.Abs(value) < wholeBelow)
        {
            return value.ToString("0", CultureInfo.InvariantCulture) + units[0];
        }

        var unit = 0;
        while (Math.Abs(value) >= step * 0.9995 && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        var format = Math.Abs(value) switch { < 9.995 => "0.00", < 99.95 => "0.0", _ => "0" };
        return value.ToString(format, CultureInfo.InvariantCulture) + units[unit];
    }
}
