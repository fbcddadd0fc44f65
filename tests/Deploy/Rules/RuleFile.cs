using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>A file of recording rules and alerts.</summary>
internal sealed class RuleFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .Build();

    /// <summary>All rules of all files.</summary>
    public static IReadOnlyList<Rule> AllRules { get; } =
        [.. Deployed.RuleFiles.SelectMany(file => Yaml.Deserialize<RuleFile>(File.ReadAllText(file)).Groups).SelectMany(group => group.Rules)];

    /// <summary>All alerts of all files.</summary>
    public static IReadOnlyList<Rule> Alerts { get; } = [.. AllRules.Where(rule => rule.Alert.Length > 0)];

    public List<RuleGroup> Groups { get; init; } = [];
}

/// <summary>Rules that are evaluated together.</summary>
internal sealed class RuleGroup
{
    public string Name { get; init; } = "";

    public string Interval { get; init; } = "";

    public List<Rule> Rules { get; init; } = [];
}

/// <summary>A recording rule or an alert.</summary>
internal sealed class Rule
{
    public string Record { get; init; } = "";

    public string Alert { get; init; } = "";

    public string Expr { get; init; } = "";

    public string For { get; init; } = "";

    public Dictionary<string, string> Labels { get; init; } = [];

    public Dictionary<string, string> Annotations { get; init; } = [];

    public override string ToString() => Record + Alert;
}
