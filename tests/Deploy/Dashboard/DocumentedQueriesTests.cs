namespace Orleans.Pipeline.Deploy.Tests;

public sealed class DocumentedQueriesTests
{
    private static readonly string[] OnlyOfAPause = ["pipeline_stage:tasks_paused:sum", "pipeline_stage:excused:bool"];

    [PrometheusFact]
    public async Task Every_query_and_rule_finds_what_the_telemetry_page_promises()
    {
        var recorded = RuleFile.AllRules.Select(rule => rule.Record)
            .Where(name => name.Length > 0)
            .Distinct()
            .Except(OnlyOfAPause)
            .ToList();
        await using var metrics = await DocumentedMetrics.StartAsync();
        await using var prometheus = await PrometheusServer.StartAsync(
            [new ScrapeTarget("page", metrics.Address)], EvaluatedRules.For(recorded));
        await prometheus.WhenScrapedAsync(3);
        Assert.Equal(1, Assert.Single(await prometheus.QueryAsync("up")).Value);
        await EvaluatedRules.WhenRecordedAsync(prometheus, recorded);

        foreach (var query in DashboardFile.Deployed.Queries)
        {
            var samples = await prometheus.QueryAsync(query.For("1m"));
            Assert.True(samples.Any(sample => !double.IsNaN(sample.Value)), $"'{query.Panel}' has no data:\n{query.For("1m")}");
        }

        foreach (var query in Runbook.Queries)
        {
            await prometheus.QueryAsync(query); // throws if Prometheus does not understand it
        }
    }
}
