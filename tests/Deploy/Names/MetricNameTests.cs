using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

public sealed partial class MetricNameTests
{
    [Fact]
    public void The_telemetry_page_names_instruments_and_labels()
    {
        Assert.Contains("pipeline_stage_latency_seconds_bucket", TelemetryPage.Series);
        Assert.Contains("pipeline_stage_lag_records", TelemetryPage.Series);
        Assert.Contains("pipeline_task_state", TelemetryPage.Labels);
    }

    [Theory]
    [InlineData("sum by (job) (rate(pipeline_stage_latency_seconds_sum[5m])) > pipeline_stage:lag_records:sum")]
    [InlineData("pipeline_stage_tasks{pipeline_task_state=\"pipeline_unheard\"}")]
    public void Known_names_pass(string query) => Assert.Empty(MetricNames.UnknownIn(query));

    [Theory]
    [InlineData("rate(pipeline_stage_latency_seconds[5m])")]
    [InlineData("pipeline_stage:lag_records:max")]
    [InlineData("sum by (pipeline_stages) (pipeline_stage_tasks)")]
    public void Unknown_names_are_found(string query) => Assert.Single(MetricNames.UnknownIn(query));

    [Fact]
    public void Every_name_in_a_rule_is_an_instrument_a_label_or_a_recorded_series() =>
        Assert.All(RuleFile.AllRules, rule => Assert.Empty(MetricNames.UnknownIn(rule.Expr)));

    [Fact]
    public void Every_name_in_a_query_of_a_runbook_is_one_of_them_too() =>
        Assert.All(Runbook.Queries, query => Assert.Empty(MetricNames.UnknownIn(query)));

    [Fact]
    public void The_freshness_objective_is_one_number_and_a_bound_of_the_histogram()
    {
        var seconds = Seconds().Match(Expression("pipeline_stage:freshness_objective:seconds")).Groups[1].Value;
        var bound = Bound().Match(Expression("pipeline_stage:batches_in_time:rate5m")).Groups[1].Value;

        Assert.Equal(seconds, bound);
        Assert.Contains(double.Parse(seconds, CultureInfo.InvariantCulture), TelemetryPage.LatencyBounds);
    }

    private static string Expression(string recorded) => RuleFile.AllRules.Single(rule => rule.Record == recorded).Expr;

    [GeneratedRegex(@"^([0-9.]+) \*")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"le=~""([0-9.]+)\(")]
    private static partial Regex Bound();
}
