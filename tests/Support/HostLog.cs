using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Support;

/// <summary>What a host logged, as .NET's console writes it: <c>info: Category[event]</c>, and the text below it.</summary>
public static partial class HostLog
{
    public const string Starts = "info: Orleans.Pipeline.Silo.SiloLog[1]";
    public const string EngineStarts = "info: Orleans.Pipeline.Embedded.EmbeddedEngine[1]";
    public const string Spread = "info: Orleans.Pipeline.Grains.Assignments.ClusterAssignment[1]";
    public const string Listening = "info: Microsoft.Hosting.Lifetime[14]";
    public const string Ready = "info: Orleans.Pipeline.Gateway.Health.GatewayReadiness[1]";
    public const string Stops = "info: Orleans.Pipeline.Gateway.Hosting.HostLog[1]";
    public const string Stopped = "info: Orleans.Pipeline.Gateway.Hosting.HostLog[2]";

    /// <summary>Asserts that these entries were written, in this order, and nothing else; what was is shown otherwise.</summary>
    /// <param name="written">All that the host wrote.</param>
    /// <param name="entries">The first line of each entry.</param>
    public static void AssertOnly(string written, params IEnumerable<string> entries)
    {
        var lines = written.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(entries.SequenceEqual(lines.Where(line => !IsText(line))), $"The log is:\n{written}");
    }

    /// <summary>Whether there is an entry of a category, or of one below it.</summary>
    public static bool HasEntry(string written, string level, string category) =>
        written.Split('\n').Any(line => EntryHead().Match(line) is { Success: true } head
            && head.Groups["level"].Value == level && head.Groups["category"].Value.StartsWith(category, StringComparison.Ordinal));

    private static bool IsText(string line) => line.StartsWith("      ", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<level>\w{4}): (?<category>.*)\[-?\d+\]$")]
    private static partial Regex EntryHead();
}
