using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Alerts.Tests;

/// <summary>What docs/telemetry.md says that there is.</summary>
internal static partial class TelemetryPage
{
    /// <summary>The names of all series, as Prometheus has them.</summary>
    public static IReadOnlySet<string> Series { get; } = Instruments().Matches(Deployed.TelemetryPage)
        .SelectMany(row => SeriesOf(row.Groups["name"].Value, row.Groups["type"].Value)).ToHashSet();

    /// <summary>The names of all labels.</summary>
    public static IReadOnlySet<string> Labels { get; } = Attributes().Matches(Deployed.TelemetryPage).Select(row => row.Groups["label"].Value).ToHashSet();

    /// <summary>The bounds of the buckets of <c>pipeline.stage.latency</c>, in seconds.</summary>
    public static IReadOnlyList<double> LatencyBounds { get; } =
        [.. LatencyBoundsLine().Match(Deployed.TelemetryPage).Groups["bounds"].Value.Split(", ").Select(bound => double.Parse(bound, CultureInfo.InvariantCulture))];

    private static IEnumerable<string> SeriesOf(string name, string type) => type == "histogram" ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];

    [GeneratedRegex(@"^\| `[a-z_.]+` \| `(?<name>[a-z_]+)` \| (?<type>counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex Instruments();

    [GeneratedRegex(@"^\| `[a-z_.]+` \| `(?<label>[a-z_]+)` \| (?!counter|gauge|histogram)", RegexOptions.Multiline)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"`pipeline\.stage\.latency` has (?<bounds>[0-9., ]+) s\.")]
    private static partial Regex LatencyBoundsLine();
}
