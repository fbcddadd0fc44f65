using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>Finds the names of this project in queries.</summary>
internal static partial class MetricNames
{
    /// <summary>The names in a query that neither the telemetry page nor a recording rule knows.</summary>
    public static IEnumerable<string> UnknownIn(string query) =>
        Names().Matches(Strings().Replace(query, "\"\"")).Select(match => match.Value).Where(name =>
        name.Contains(':')
            ? !RuleFile.AllRules.Any(rule => rule.Record == name)
            : !TelemetryPage.Series.Contains(name) && !TelemetryPage.Labels.Contains(name));

    [GeneratedRegex(@"\bpipeline_[a-z0-9_:]+")]
    private static partial Regex Names();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Strings();
}
