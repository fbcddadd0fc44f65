using System.Text.RegularExpressions;

namespace Orleans.Pipeline.EndToEnd.Tests.Documentation;

/// <summary>The page of the SDK, and the regions of the sample that its examples are.</summary>
internal sealed partial class SdkPage
{
    public SdkPage()
    {
        Text = File.ReadAllText(Repository.PathOf("docs", "sdk.md"));
        Examples = Example().Matches(Text).ToDictionary(example => example.Groups[1].Value, example => example.Groups[2].Value);
        Regions = Directory.EnumerateFiles(Repository.PathOf("samples", "SdkTour", "Tour"), "*.cs")
            .SelectMany(file => Region().Matches(File.ReadAllText(file)))
            .ToDictionary(region => region.Groups[1].Value, region => Outdent(region.Groups[2].Value));
    }

    public string Text { get; }

    /// <summary>The examples on the page, by name.</summary>
    public IReadOnlyDictionary<string, string> Examples { get; }

    /// <summary>The regions of the sample, by name, as they would stand at the left edge.</summary>
    public IReadOnlyDictionary<string, string> Regions { get; }

    private static string Outdent(string code)
    {
        var lines = code.Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line.Trim()));
    }

    [GeneratedRegex(@"<!-- sample: ([\w-]+) -->\n```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^ *#region ([\w-]+)\n(.*?)\n *#endregion", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Region();
}
