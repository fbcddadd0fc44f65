using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

public sealed partial class AlertCoverageTests
{
    [Fact]
    public void Every_alert_has_a_runbook_and_every_runbook_an_alert() => Assert.Equal(
        RuleFile.Alerts.Select(alert => alert.Alert).Distinct().Order(),
        Deployed.Runbooks.Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void Every_alert_says_how_urgent_it_is_and_where_its_runbook_is() => Assert.All(RuleFile.Alerts, alert =>
    {
        Assert.Contains(alert.Labels["severity"], new[] { "critical", "warning" });
        Assert.Equal($"docs/runbooks/{alert.Alert}.md", alert.Annotations["runbook_url"]);
        Assert.NotEmpty(alert.Annotations["summary"]);
        Assert.NotEmpty(alert.Annotations["description"]);
    });

    [Fact]
    public void Every_alert_was_seen_firing() => Assert.All(RuleFile.Alerts, alert => Assert.Contains(
        RuleTestFile.Expectations,
        expected => expected.Alertname == alert.Alert && expected.ExpAlerts.Exists(fires => alert.Labels.All(label => fires.ExpLabels.Contains(label)))));

    [Fact]
    public void Every_alert_was_seen_quiet() => Assert.All(RuleFile.Alerts, alert => Assert.Contains(
        RuleTestFile.Expectations, expected => expected.Alertname == alert.Alert && expected.ExpAlerts.Count == 0));

    /// <summary>Each page answers the questions of a person on call, in the same order.</summary>
    [Fact]
    public void Every_runbook_says_what_to_do() => Assert.All(Deployed.Runbooks, page =>
    {
        var text = File.ReadAllText(page);

        Assert.StartsWith($"# {Path.GetFileNameWithoutExtension(page)}\n", text, StringComparison.Ordinal);
        Assert.Equal(
            ["What it means", "What users notice", "Look first", "Causes and remedies", "When to escalate"],
            Headings().Matches(text).Select(heading => heading.Groups[1].Value));
    });

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
