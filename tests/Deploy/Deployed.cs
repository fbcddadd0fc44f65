namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The files that users deploy, and the pages that describe them.</summary>
internal static class Deployed
{
    /// <summary>The rule files.</summary>
    public static IReadOnlyList<string> RuleFiles { get; } = FilesOf("deploy/prometheus/rules", "*.yml");

    /// <summary>The unit tests of the rules.</summary>
    public static IReadOnlyList<string> RuleTests { get; } = FilesOf("deploy/prometheus/tests", "*.yml");

    /// <summary>The pages with the steps to take for an alert.</summary>
    public static IReadOnlyList<string> Runbooks { get; } = FilesOf("docs/runbooks", "*.md");

    /// <summary>The dashboard.</summary>
    public static string Dashboard => File.ReadAllText(PathOf("deploy/grafana/orleans-pipeline.json"));

    /// <summary>The page that lists every instrument.</summary>
    public static string TelemetryPage => File.ReadAllText(PathOf("docs/telemetry.md"));

    /// <summary>Where a file of the repository lies in the directory of these tests.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static IReadOnlyList<string> FilesOf(string directory, string pattern) =>
        [.. Directory.GetFiles(PathOf(directory), pattern).Order()];
}
