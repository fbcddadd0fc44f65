using System.CommandLine.Parsing;
using System.Globalization;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Whole numbers within limits, as an option takes them.</summary>
/// <param name="Least">The least number.</param>
/// <param name="Most">The greatest number; <see cref="int.MaxValue"/> for no limit that people need to know.</param>
internal sealed record NumberRange(int Least, int Most = int.MaxValue)
{
    /// <summary>The numbers of partitions: from 0 on.</summary>
    public static NumberRange Partition { get; } = new(0);

    /// <summary>Reads an option's number.</summary>
    public int Parse(ArgumentResult result) => Parse(result.Tokens[^1], result) ?? 0;

    /// <summary>Reads the number of an option that may be left out.</summary>
    public int? ParseOptional(ArgumentResult result) => Parse(result.Tokens[^1], result);

    /// <summary>Reads the numbers of an option that may be repeated, each once.</summary>
    public int[] ParseEach(ArgumentResult result) => [.. result.Tokens.Select(token => Parse(token, result)).OfType<int>().Distinct()];

    private int? Parse(Token token, ArgumentResult result)
    {
        if (int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= Least && number <= Most)
        {
            return number;
        }

        var range = Most == int.MaxValue
            ? $"of {Least} or more"
            : string.Create(CultureInfo.InvariantCulture, $"from {Least} to {Most:N0}");
        result.AddError($"'{token.Value}' is not a whole number {range}.");
        return null;
    }
}
