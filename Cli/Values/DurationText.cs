using System.CommandLine.Parsing;
using System.Globalization;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Parses and formats durations as people write them: <c>7d</c>, <c>1d12h</c>, <c>90s</c>, <c>500ms</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The longest time that a timer of .NET can wait, in whole days.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromDays(49);

    /// <summary>Parses a duration: numbers with units.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            text = text[digits..];
            if (LengthOf(text, out var characters) is not { } length || number > (TimeSpan.MaxValue - duration) / length)
            {
                return false;
            }

            duration += number * length;
            text = text[characters..];
        }

        return true;
    }

    /// <summary>Parses the value of an option; it must be positive.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (TryParse(text, out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        result.AddError($"'{text}' is not a duration. Give one such as 500ms, 30s, 5m, 12h, 7d or 1d12h.");
        return null;
    }

    /// <summary>Reads an option's duration that something waits for, which must be positive and at most <see cref="LongestWait"/>.</summary>
    public static TimeSpan? ParseWait(ArgumentResult result)
    {
        var duration = Parse(result);
        if (duration <= LongestWait)
        {
            return duration;
        }

        if (duration is not null)
        {
            result.AddError($"'{result.Tokens[^1].Value}' is longer than {Format(LongestWait)}, the longest time to wait.");
        }

        return null;
    }

    /// <summary>Formats a duration, to the millisecond, so that it can be parsed again.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = TimeSpan.FromMilliseconds(Math.Floor(duration.TotalMilliseconds));
        var text = "";
        foreach (var (unit, length) in Units.OrderByDescending(unit => unit.Length))
        {
            var number = (long)(rest / length);
            rest -= number * length;
            text += number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
        }

        return text.Length == 0 ? "0s" : text;
    }

    private static TimeSpan? LengthOf(ReadOnlySpan<char> text, out int characters)
    {
        foreach (var (unit, length) in Units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                characters = unit.Length;
                return length;
            }
        }

        characters = 0;
        return null;
    }
}
