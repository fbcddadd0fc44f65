using System.Globalization;

namespace Orleans.Pipeline.Records;

/// <summary>
/// Times as text: ISO 8601 with a four-digit year first, or milliseconds since 1970. Nothing else is read: a lenient reader takes
/// 05/11/2023 for a day in May, and 10:30 for today.
/// </summary>
internal static class TimeText
{
    /// <summary>The forms, for errors.</summary>
    public const string Forms = IsoForm + ", or milliseconds since 1970";

    /// <summary>The form of ISO 8601, for errors.</summary>
    public const string IsoForm = "ISO 8601 with a four-digit year first, such as 2026-01-31T12:00:00Z (UTC if it does not say)";

    private const int YearDigits = 4;
    private const int FractionDigits = 7;

    /// <summary>Reads a time in either form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time) =>
        TryParseMilliseconds(text, out time) || TryParseIso(text, out time);

    /// <summary>
    /// Reads milliseconds since 1970. Digits that are just as well a date without its hyphens, such as 20260131, are refused.
    /// </summary>
    public static bool TryParseMilliseconds(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && text[0] != '+'
            && RecordTime.IsValid(milliseconds)
            && !LooksLikeDate(text);
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isTime;
    }

    /// <summary>Reads ISO 8601: a date, or a date and a time of day, with or without an offset from UTC. Without one it is UTC.</summary>
    public static bool TryParseIso(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (!TryTakeNumber(ref text, YearDigits, out var year))
        {
            return false;
        }

        var isBasic = !TryTake(ref text, '-');
        if (!TryTakeNumber(ref text, 2, out var month) || (!isBasic && !TryTake(ref text, '-')) || !TryTakeNumber(ref text, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day).Ticks;
        if (text.IsEmpty)
        {
            time = new(ticks, TimeSpan.Zero);
            return !isBasic;
        }

        if (!(TryTake(ref text, 'T') || TryTake(ref text, 't') || TryTake(ref text, ' '))
            || !TryTakeTimeOfDay(ref text, isBasic, out var ofDay) || !TryTakeOffset(ref text, out var offset) || !text.IsEmpty)
        {
            return false;
        }

        ticks += ofDay.Ticks;
        var utc = ticks - offset.Ticks;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new(ticks, offset);
        return true;
    }

    private static bool TryTakeTimeOfDay(ref ReadOnlySpan<char> text, bool isBasic, out TimeSpan time)
    {
        time = default;
        if (!TryTakeNumber(ref text, 2, out var hour) || (!isBasic && !TryTake(ref text, ':'))
            || !TryTakeNumber(ref text, 2, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        var (second, fraction) = (0, 0L);
        if (isBasic ? text is [>= '0' and <= '9', ..] : TryTake(ref text, ':'))
        {
            if (!TryTakeNumber(ref text, 2, out second) || second > 59
                || ((TryTake(ref text, '.') || TryTake(ref text, ',')) && !TryTakeFraction(ref text, out fraction)))
            {
                return false;
            }
        }

        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(fraction);
        return true;
    }

    /// <summary>Takes the digits behind the point of a second; those below a tick are dropped.</summary>
    private static bool TryTakeFraction(ref ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        for (var place = 0; place < FractionDigits; place++)
        {
            ticks = (ticks * 10) + (place < digits ? text[place] - '0' : 0);
        }

        text = text[digits..];
        return digits > 0;
    }

    private static bool TryTakeOffset(ref ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text.IsEmpty || TryTake(ref text, 'Z') || TryTake(ref text, 'z'))
        {
            return true;
        }

        var isWest = TryTake(ref text, '-');
        if ((!isWest && !TryTake(ref text, '+')) || !TryTakeNumber(ref text, 2, out var hours))
        {
            return false;
        }

        var minutes = 0;
        if ((TryTake(ref text, ':') || !text.IsEmpty) && !TryTakeNumber(ref text, 2, out minutes))
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (isWest ? -1 : 1);
        return minutes < 60 && offset.Duration() <= TimeSpan.FromHours(14);
    }

    /// <summary>Whether digits are a year from 1900 to 2099, alone or with month, day, hour and minute, and second.</summary>
    private static bool LooksLikeDate(ReadOnlySpan<char> digits) => digits.Length is 4 or 6 or 8 or 12 or 14
        && (digits.StartsWith("19") || digits.StartsWith("20"))
        && (digits.Length < 6 || NumberAt(digits, 4) is >= 1 and <= 12)
        && (digits.Length < 8 || NumberAt(digits, 6) is >= 1 and <= 31)
        && (digits.Length < 12 || (NumberAt(digits, 8) <= 23 && NumberAt(digits, 10) <= 59));

    private static int NumberAt(ReadOnlySpan<char> digits, int place) => ((digits[place] - '0') * 10) + digits[place + 1] - '0';

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, int digits, out int number)
    {
        number = 0;
        if (text.Length < digits || !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        text = text[digits..];
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, char mark)
    {
        if (text.IsEmpty || text[0] != mark)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
