namespace Orleans.Pipeline.Deploy.Tests;

public sealed class RuleTests
{
    public static TheoryData<string> Files => [.. Deployed.RuleTests.Select(file => Path.GetFileName(file))];

    [PrometheusFact]
    public async Task Prometheus_takes_every_rule_file()
    {
        var (exitCode, output) = await Promtool.RunAsync(["check", "rules", .. Deployed.RuleFiles]);

        Assert.True(exitCode == 0, output);
    }

    [PrometheusFact]
    public async Task Prometheus_takes_the_example_of_a_configuration()
    {
        var (exitCode, output) = await Promtool.RunAsync(["check", "config", Deployed.PathOf("deploy/prometheus/prometheus.yml")]);

        Assert.True(exitCode == 0, output);
        Assert.Contains($"{RuleFile.AllRules.Count} rules found", Total(output), StringComparison.Ordinal);
    }

    [PrometheusTheory, MemberData(nameof(Files))]
    public async Task Alerts_fire_when_they_should_and_only_then(string file)
    {
        var (exitCode, output) = await Promtool.RunAsync(["test", "rules", Deployed.PathOf($"deploy/prometheus/tests/{file}")]);

        Assert.True(exitCode == 0, output);
    }

    /// <summary>What the rules found in each file come to.</summary>
    private static string Total(string output) =>
        $"{output.Split('\n').Select(line => line.Split(' ')).Where(words => words is [.., "rules", "found"]).Sum(words => int.Parse(words[^3]))} rules found";
}
