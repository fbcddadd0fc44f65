using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Telemetry.Tests.Documentation;

/// <summary>The tables of docs/telemetry.md.</summary>
internal static partial class TelemetryPage
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "telemetry.md"));

    /// <summary>The instruments, by name.</summary>
    public static IReadOnlyDictionary<string, DocumentedInstrument> Instruments { get; } = Rows()
        .Where(row => row.Length == 6 && row[0] != "Instrument")
        .Select(row => new DocumentedInstrument(Word(row[0]), Word(row[1]), row[2], Word(row[3]), [.. Words(row[4])]))
        .ToDictionary(instrument => instrument.Name);

    /// <summary>The spans, by their first word; <c>process</c> is what both a task and an application begin with.</summary>
    public static IReadOnlyList<DocumentedSpan> Spans { get; } = [.. Rows()
        .Where(row => row.Length == 4 && row[0].Contains('<', StringComparison.Ordinal))
        .Select(row => new DocumentedSpan(Word(row[0]), row[1], [.. Words(row[2])]))];

    /// <summary>The attributes, with their labels.</summary>
    public static IReadOnlyDictionary<string, string> Attributes { get; } = Rows()
        .Where(row => row.Length == 3 && row[0].StartsWith('`'))
        .ToDictionary(row => Word(row[0]), row => Word(row[1]));

    private static IEnumerable<string[]> Rows() => Text.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string Word(string cell) => Words(cell).Single();

    private static IEnumerable<string> Words(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

internal sealed record DocumentedInstrument(string Name, string Prometheus, string Type, string Unit, HashSet<string> Attributes);

internal sealed record DocumentedSpan(string Name, string Kind, HashSet<string> Attributes);
