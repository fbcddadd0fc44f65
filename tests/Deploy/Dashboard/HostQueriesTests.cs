namespace Orleans.Pipeline.Deploy.Tests;

public sealed class HostQueriesTests
{
    /// <summary>
    /// What the host of this test has not: it is no cluster, delivers to no sink outside its database, and is in no trouble.
    /// </summary>
    private static readonly string[] Absent =
    [
        "pipeline_cluster_silos",
        "pipeline_stage_delivery_duration_seconds",
        "pipeline_stage_record_retries_total",
        "pipeline_stage_task_retries_total",
        "pipeline_store_retention_duration_seconds",
        "error_type!=\"\"",
    ];

    private static readonly string[] RecordedOnlyOfTrouble =
    [
        "pipeline_stage:tasks_paused:sum", "pipeline_stage:excused:bool", "pipeline_stage:tasks_retrying:sum",
    ];

    /// <summary>The host reports money only with prices.</summary>
    private static readonly Dictionary<string, string> Prices = new()
    {
        ["Cost__Currency"] = "EUR",
        ["Cost__CpuHour"] = "0.04",
        ["Cost__MemoryGibHour"] = "0.005",
        ["Cost__StoredGibMonth"] = "0.1",
    };

    [PrometheusFact]
    public async Task Every_query_and_rule_has_data_of_a_host_that_runs_the_access_log()
    {
        var recorded = RuleFile.AllRules.Select(rule => rule.Record)
            .Where(name => name.Length > 0)
            .Distinct()
            .Except(RecordedOnlyOfTrouble)
            .ToList();
        using var directory = new TemporaryDirectory();
        await using var host = HostProcess.Start(
            "AccessLog.EmbeddedHost.dll", Prices, "--urls", "http://127.0.0.1:0", "--database", directory["access-log.db"]);
        var address = await host.ReadyAsync();
        await using var prometheus = await PrometheusServer.StartAsync(
            [new ScrapeTarget("access-log", new Uri(address, "/metrics"))], EvaluatedRules.For(recorded));
        await using var traffic = new AccessLogTraffic(address);

        for (var round = 0; round < 4; round++)
        {
            await traffic.SendAsync();
            await prometheus.WhenScrapedAsync(2);
        }

        await EvaluatedRules.WhenRecordedAsync(prometheus, recorded);
        foreach (var query in DashboardFile.Deployed.Queries.Where(query => !Absent.Any(query.Expression.Contains)))
        {
            var samples = await prometheus.QueryAsync(query.For("1m"));
            Assert.True(samples.Any(sample => !double.IsNaN(sample.Value)), $"'{query.Panel}' has no data:\n{query.For("1m")}");
        }

        Assert.Equal(
            ["Complete", "PipelineDeadLetters"],
            (await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}")).Select(alert => alert.Labels["alertname"]).Order());
    }
}
