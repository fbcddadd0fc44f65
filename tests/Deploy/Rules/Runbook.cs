using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>A page with the steps to take for an alert.</summary>
internal static partial class Runbook
{
    /// <summary>The queries of all pages, one a line, with placeholders for what the reader looks at.</summary>
    public static IReadOnlyList<string> Queries { get; } =
    [
        .. Deployed.Runbooks.SelectMany(page => Blocks().Matches(File.ReadAllText(page)))
            .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];

    [GeneratedRegex("```promql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
