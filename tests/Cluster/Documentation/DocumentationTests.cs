using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Silo;
using Orleans.Pipeline.Storage.Postgres;

namespace Orleans.Pipeline.Cluster.Tests.Documentation;

/// <summary>What the documents say of the cluster is so.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Cluster = File.ReadAllText(Path.Combine(Root, "docs", "cluster.md"));
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));

    private static readonly HashSet<string> Names =
        [.. typeof(SiloSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    public static TheoryData<string> Settings => [.. Names];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_of_a_silo_is_there_with_its_variable_and_its_default(string setting)
    {
        var value = typeof(SiloSettings).GetProperty(setting)!.GetValue(new SiloSettings()) switch
        {
            null => "none",
            TimeSpan time => $"`{time:c}`",
            bool truth => truth ? "`true`" : "`false`",
            var other => string.Create(CultureInfo.InvariantCulture, $"`{other}`"),
        };

        Assert.Contains($"\n| `{setting}` | `Silo__{setting}` | {value}", Cluster, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_is_named_exists() =>
        Assert.Subset(Names, SettingName().Matches(Cluster + Readme).Select(match => match.Groups[1].Value).ToHashSet());

    [Fact]
    public void The_code_compiles()
    {
        var source = Flatten(File.ReadAllText(Path.Combine(Root, "tests", "Cluster", "Documentation", "ClusterDocument.cs")));
        var blocks = CodeBlock().Matches(Cluster).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Flatten(block), source, StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_silo_in_the_README_is_the_sample() =>
        Assert.Contains(
            $"```csharp\n{File.ReadAllText(Path.Combine(Root, "samples", "FirstSilo", "Program.cs")).Trim()}\n```",
            Readme,
            StringComparison.Ordinal);

    [Fact]
    public void The_connections_of_a_silo_are_those_of_its_store()
    {
        var store = new PostgresStoreSettings { ConnectionString = "" };

        Assert.Contains($"at most {store.Appenders + store.Connections + 2} connections", Cluster, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension)
            .ToHashSet();
        var named = TestName().Matches(Cluster).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
    }

    /// <summary>Code without its indentation.</summary>
    private static string Flatten(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("There is no README.md above the tests.");
        }

        return directory.FullName;
    }

    [GeneratedRegex("Silo(?::|__)([A-Za-z]+)")]
    private static partial Regex SettingName();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`([A-Za-z]+(?:Tests|Contract))`")]
    private static partial Regex TestName();
}
