using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The alerts in a file of unit tests of rules.</summary>
internal sealed class RuleTestFile
{
    private static readonly IDeserializer Yaml =
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build();

    /// <summary>What all files expect of alerts.</summary>
    public static IReadOnlyList<AlertExpectation> Expectations { get; } =
    [
        .. Deployed.RuleTests.SelectMany(file => Yaml.Deserialize<RuleTestFile>(File.ReadAllText(file)).Tests)
            .SelectMany(test => test.AlertRuleTest),
    ];

    public List<RuleTest> Tests { get; init; } = [];
}

/// <summary>A course of events.</summary>
internal sealed class RuleTest
{
    public List<AlertExpectation> AlertRuleTest { get; init; } = [];
}

/// <summary>Which alerts of a name fire at a time.</summary>
internal sealed class AlertExpectation
{
    public string Alertname { get; init; } = "";

    public List<ExpectedAlert> ExpAlerts { get; init; } = [];
}

/// <summary>An alert that fires.</summary>
internal sealed class ExpectedAlert
{
    public Dictionary<string, string> ExpLabels { get; init; } = [];
}
