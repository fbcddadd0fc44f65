using System.CommandLine.Parsing;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Parses counts as people write them: <c>5000</c>, <c>5k</c>, <c>10M</c>.</summary>
internal static class CountText
{
    /// <summary>Parses the value of an option; it must be 1 or more.</summary>
    public static long? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (!text.EndsWith('b') && !text.EndsWith('B') && SizeText.TryParse(
            text.Replace("_", "", StringComparison.Ordinal),
            out var number) && number > 0)
        {
            return number;
        }

        result.AddError($"'{text}' is not a number of 1 or more. Give one such as 5000, 5k or 10M.");
        return null;
    }
}
