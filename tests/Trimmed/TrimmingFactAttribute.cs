using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Trimmed.Tests;

/// <summary>A test that needs the packages which trim a program, those of the runtime among them; without them it is skipped.</summary>
internal sealed partial class TrimmingFactAttribute : FactAttribute
{
    public TrimmingFactAttribute()
    {
        var (exitCode, output) = DotnetCommand.RunAsync("restore").GetAwaiter().GetResult();
        if (exitCode != 0 && MissingPackage().Match(output) is { Success: true } missing)
        {
            Skip = $"A package that trimming needs cannot be had from your feeds: {missing.Groups[1].Value}";
        }
    }

    [GeneratedRegex(@"error (NU1(?:10[0-3]|301): [^\n]*)")]
    private static partial Regex MissingPackage();
}
