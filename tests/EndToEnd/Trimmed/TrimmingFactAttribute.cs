using System.Text.RegularExpressions;

namespace Orleans.Pipeline.EndToEnd.Tests.Trimmed;

/// <summary>A test that needs the packages which trim a program, those of the runtime among them; without them it is skipped.</summary>
internal sealed partial class TrimmingFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> LazyImpediment = new(FindImpediment);

    public TrimmingFactAttribute() => Skip = LazyImpediment.Value;

    private static string? FindImpediment()
    {
        var (exitCode, output) = DotnetCommand.RunAsync("restore").GetAwaiter().GetResult();
        return exitCode != 0 && MissingPackage().Match(output) is { Success: true } missing
            ? $"A package that trimming needs is not on your feeds: {missing.Groups[1].Value}"
            : null;
    }

    [GeneratedRegex(@"error (NU1(?:10[0-3]|301): [^\n]*)")]
    private static partial Regex MissingPackage();
}
