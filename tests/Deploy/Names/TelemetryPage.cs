using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>What docs/telemetry.md says that there is.</summary>
internal static partial class TelemetryPage
{
    /// <summary>The instruments.</summary>
    public static IReadOnlyList<Instrument> Instruments { get; } =
    [
        .. InstrumentRows().Matches(Deployed.TelemetryPage).Select(row => new Instrument(
            row.Groups["series"].Value,
            row.Groups["type"].Value,
            [.. row.Groups["attribute"].Captures.Select(attribute => attribute.Value)])),
    ];

    /// <summary>The names of all labels, as Prometheus has them.</summary>
    public static IReadOnlySet<string> Labels { get; } = Instruments.SelectMany(instrument => instrument.Attributes)
        .Select(LabelOf)
        .ToHashSet();

    /// <summary>The names of all series, as Prometheus has them.</summary>
    public static IReadOnlySet<string> Series { get; } = Instruments.SelectMany(instrument => instrument.SeriesNames).ToHashSet();

    /// <summary>The bounds of the buckets of <c>pipeline.stage.latency</c>, in seconds.</summary>
    public static IReadOnlyList<double> LatencyBounds { get; } =
        [.. LatencyBoundsLine().Match(Deployed.TelemetryPage).Groups["bounds"].Value.Split(", ").Select(bound => double.Parse(
            bound,
            CultureInfo.InvariantCulture))];

    /// <summary>The label of an attribute.</summary>
    public static string LabelOf(string attribute) => attribute.Replace('.', '_');

    [GeneratedRegex(
        @"^\| `[a-z_.]+` \| `(?<series>[a-z_]+)` \| (?<type>counter|gauge|histogram) \| `[^`]+` \| (?:`(?<attribute>[a-z_.]+)`(?:, )?)*",
        RegexOptions.Multiline)]
    private static partial Regex InstrumentRows();

    [GeneratedRegex(@"`pipeline\.stage\.latency` has (?<bounds>[0-9., ]+) s\.")]
    private static partial Regex LatencyBoundsLine();
}

/// <summary>An instrument.</summary>
/// <param name="Name">Its name, as Prometheus has it.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record Instrument(string Name, string Type, IReadOnlyList<string> Attributes)
{
    /// <summary>The names of its series.</summary>
    public IEnumerable<string> SeriesNames => Type == "histogram" ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];
}
