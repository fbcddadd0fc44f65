using System.CommandLine;
using System.CommandLine.Parsing;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>The retention of a topic as people write it: <c>7d</c>, <c>10GB</c>, <c>7d,10GB</c>, <c>none</c>.</summary>
/// <param name="Age">The limit of age, set or lifted; null keeps the present one.</param>
/// <param name="Bytes">The limit of bytes per partition, set or lifted; null keeps the present one.</param>
internal sealed record RetentionText(Limit<TimeSpan>? Age, Limit<long>? Bytes)
{
    private const string Forms =
        "an age such as 7d, bytes of each partition such as 10GB, both as 7d,10GB, no-age or no-size to lift one limit, or none";

    public static Option<RetentionText?> Option() => new("--retention")
    {
        HelpName = "LIMITS",
        Description = $"How long records are kept: {Forms}.",
        CustomParser = Parse,
    };

    /// <summary>Formats limits for people.</summary>
    public static string Format(TimeSpan? age, long? bytes) => (age, bytes) switch
    {
        (null, null) => "none",
        ({ } limit, null) => DurationText.Format(limit),
        (null, { } limit) => SizeText.Format(limit),
        ({ } ageLimit, { } bytesLimit) => $"{DurationText.Format(ageLimit)}, {SizeText.Format(bytesLimit)}",
    };

    private static RetentionText? Parse(ArgumentResult result)
    {
        var retention = new RetentionText(Age: null, Bytes: null);
        foreach (var part in result.Tokens[^1].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part is "none")
            {
                retention = new(Limit<TimeSpan>.None, Limit<long>.None);
            }
            else if (part is "no-age" or "no-size")
            {
                retention = part is "no-age" ? retention with { Age = Limit<TimeSpan>.None } : retention with { Bytes = Limit<long>.None };
            }
            else if (DurationText.TryParse(part, out var age) && age > TimeSpan.Zero)
            {
                retention = retention with { Age = new(age) };
            }
            else if (SizeText.TryParse(part, out var bytes) && bytes > 0)
            {
                retention = retention with { Bytes = new(bytes) };
            }
            else
            {
                result.AddError($"'{part}' is not a retention. Give {Forms}.");
                return null;
            }
        }

        return retention;
    }
}

/// <summary>A limit that is set, or lifted.</summary>
/// <param name="Value">The limit; null for none.</param>
internal sealed record Limit<T>(T? Value)
    where T : struct
{
    public static Limit<T> None { get; } = new(Value: null);
}
