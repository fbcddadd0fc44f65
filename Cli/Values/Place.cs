using System.CommandLine.Parsing;
using System.Globalization;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>A place in a topic, as people write it.</summary>
/// <param name="Kind">The kind of place.</param>
internal sealed record Place(PlaceKind Kind)
{
    /// <summary>The ways to write one, for descriptions and errors.</summary>
    public const string Forms =
        $"start, end, an offset, -N for N before the end of each partition, partitions with offsets such as 0:17,1:5, {TimeForms}";

    private const string TimeForms = "a time such as 2026-01-31T12:00 (UTC), @ with Unix milliseconds, or 10m for that long ago";

    /// <summary>The offset; for <see cref="PlaceKind.BeforeEnd"/> the distance from the end.</summary>
    public long Offset { get; private init; }

    public DateTimeOffset Time { get; private init; }

    public ConsumerPositions Positions { get; private init; } = ConsumerPositions.None;

    /// <summary>Returns the place a number of records before the end of each partition.</summary>
    public static Place BeforeEnd(long records) => new(PlaceKind.BeforeEnd) { Offset = records };

    /// <summary>Parses an option's place.</summary>
    public static Place? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (text is "start" or "end")
        {
            return new(text is "start" ? PlaceKind.Start : PlaceKind.End);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return text[0] == '-' ? BeforeEnd(number == long.MinValue ? long.MaxValue : -number) : new(PlaceKind.Offset) { Offset = number };
        }

        if (TimeOf(text) is { } time)
        {
            return new(PlaceKind.Time) { Time = time };
        }

        if (text.Length > 0 && ConsumerPositions.TryParse(text, out var positions))
        {
            return new(PlaceKind.Positions) { Positions = positions };
        }

        result.AddError($"'{text}' is not a place in a topic. Give {Forms}.");
        return null;
    }

    /// <summary>Parses an option's time.</summary>
    public static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (TimeOf(text) is { } time)
        {
            return time;
        }

        result.AddError($"'{text}' is not a time. Give {TimeForms}.");
        return null;
    }

    private static DateTimeOffset? TimeOf(string text)
    {
        if (text.StartsWith('@'))
        {
            return TimeText.TryParseMilliseconds(text.AsSpan(1), out var unix) ? unix : null;
        }

        if (DurationText.TryParse(text, out var ago))
        {
            // So long ago that no record can be older is the earliest time.
            var now = DateTimeOffset.UtcNow;
            return now - DateTimeOffset.MinValue > ago ? now - ago : DateTimeOffset.MinValue;
        }

        // A time needs a date, because 12:00 alone means partition 12 at offset 0.
        return TimeText.TryParseIso(text, out var time) ? time.ToUniversalTime() : null;
    }
}

/// <summary>The kinds of places in a topic.</summary>
internal enum PlaceKind
{
    Start,
    End,
    Offset,
    BeforeEnd,
    Positions,
    Time,
}
