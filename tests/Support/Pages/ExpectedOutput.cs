using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Support;

/// <summary>
/// Compares what a page says with what was printed: <c>…</c> in a line is anything there, and a line that is <c>…</c> alone is any lines,
/// or none. Several spaces are as one, because the width of a column goes by what is in it, and those at the ends of lines do not count.
/// </summary>
public static partial class ExpectedOutput
{
    private const string Anything = "…";

    /// <summary>Whether the output is as expected.</summary>
    public static bool Matches(IReadOnlyList<string> expected, string output)
    {
        var pattern = string.Concat(expected.Select(line => line == Anything
            ? "(?:[^\n]*\n)*"
            : string.Join("[^\n]*", Squeeze(line).Split(Anything).Select(Regex.Escape)) + "\n"));
        var lines = output.TrimEnd('\n').Split('\n').Select(Squeeze);
        return Regex.IsMatch(
            output.Trim().Length == 0 ? "" : string.Join('\n', lines) + "\n", $"^{pattern}$", RegexOptions.CultureInvariant);
    }

    private static string Squeeze(string line) => Spaces().Replace(line.TrimEnd(), " ");

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
