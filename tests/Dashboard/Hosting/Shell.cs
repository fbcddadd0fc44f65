using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Dashboard.Tests.Hosting;

/// <summary>Takes a command line apart as a shell does: by spaces, but for what stands in single quotes.</summary>
internal static partial class Shell
{
    public static string[] Split(string command) =>
        [.. Words().Matches(command).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)];

    [GeneratedRegex(@"'([^']*)'|\S+")]
    private static partial Regex Words();
}
