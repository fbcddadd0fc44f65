using System.CommandLine.Parsing;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>Reads texts of options that may not be empty. An empty one usually comes from an unset variable of a script.</summary>
internal static class GivenText
{
    /// <summary>Reads an option's text.</summary>
    public static string? Parse(ArgumentResult result) => Parse(result.Tokens[^1], result);

    /// <summary>Reads the texts of an option that may be repeated.</summary>
    public static string[] ParseEach(ArgumentResult result) =>
        [.. result.Tokens.Select(token => Parse(token, result)).OfType<string>()];

    private static string? Parse(Token token, ArgumentResult result)
    {
        if (!string.IsNullOrWhiteSpace(token.Value))
        {
            return token.Value;
        }

        result.AddError("its value is empty. Give one, or leave the option out.");
        return null;
    }
}
