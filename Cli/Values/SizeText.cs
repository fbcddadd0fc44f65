using System.Globalization;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Parses and formats sizes as people write them: <c>10GB</c> is 10,000,000,000 bytes, <c>10GiB</c> 10,737,418,240.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("tib", 1L << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("k", 1_000), ("m", 1_000_000), ("g", 1_000_000_000), ("t", 1_000_000_000_000),
        ("b", 1), ("", 1),
    ];

    /// <summary>Parses a size: a number, with or without a fraction, and a unit. Without a unit the number is bytes.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var (unit, factor) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        if (!decimal.TryParse(
            text.AsSpan(0, text.Length - unit.Length).Trim(),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number)
            || number > long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(number * factor);
        return true;
    }

    /// <summary>Formats a size for people, with three digits, in powers of a thousand: <c>1.23 MB</c>.</summary>
    public static string Format(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var unit = 0;
        while (bytes >= 999.5 && unit < units.Length - 1)
        {
            (bytes, unit) = (bytes / 1000, unit + 1);
        }

        return $"{bytes.ToString(unit == 0 || bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
