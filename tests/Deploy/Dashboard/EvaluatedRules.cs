namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The rules, evaluated once a second, and an alert that fires when all of some series are recorded.</summary>
internal static class EvaluatedRules
{
    private const string Complete = nameof(Complete);

    /// <summary>The rule files for a server.</summary>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyList<string> recorded) => new Dictionary<string, string>(
        Deployed.RuleFiles.Select(file => KeyValuePair.Create(Path.GetFileName(file), File.ReadAllText(file).Replace("interval: 1m", "interval: 1s", StringComparison.Ordinal))))
    {
        ["complete.yml"] =
            $$"""
            groups:
              - name: complete
                rules:
                  - alert: {{Complete}}
                    expr: count(group by (__name__) ({__name__=~"{{string.Join('|', recorded)}}"})) == {{recorded.Count}}
            """,
    };

    /// <summary>Waits until all of the series are recorded; says which are not.</summary>
    public static async Task WhenRecordedAsync(PrometheusServer prometheus, IReadOnlyList<string> recorded)
    {
        try
        {
            await prometheus.WhenFiringAsync(Complete);
        }
        catch (TimeoutException)
        {
            var missing = new List<string>();
            foreach (var name in recorded)
            {
                missing.AddRange((await prometheus.QueryAsync(name)).Count == 0 ? [name] : []);
            }

            Assert.Fail($"Nothing is recorded for {string.Join(", ", missing)}.");
        }
    }
}
