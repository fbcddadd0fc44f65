using System.Net;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Telemetry.Tests.Hosting;

namespace Orleans.Pipeline.Telemetry.Tests.Export;

/// <summary><c>/metrics</c>, as Prometheus scrapes it.</summary>
public sealed class MetricsPageTests
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    [PrometheusFact]
    public async Task Promtool_finds_nothing_wrong_with_it()
    {
        using var recorder = new Recorder();
        await using var host = await TelemetryHost.StartAsync(Job.Define, Job.Configuration);
        await new Job(host, recorder).RunAsync();

        var (exitCode, output) = await Promtool.RunAsync(["check", "metrics"], (await host.MetricsAsync()).Text);

        Assert.Equal((0, ""), (exitCode, output));
    }

    [PrometheusFact]
    public async Task Prometheus_scrapes_it()
    {
        await using var host = await StartAsync();
        await host.Engine.Gauges.RefreshAsync(CancellationToken.None);
        await using var prometheus = await PrometheusServer.StartAsync([new ScrapeTarget("host", new Uri(host.Address, "/metrics"))]);
        await prometheus.WhenScrapedAsync(2);

        Assert.Equal(3, (await prometheus.QueryAsync("sum(pipeline_stage_input_records_total{pipeline_name=\"copies\"})")).Single().Value);
        Assert.Equal(0, (await prometheus.QueryAsync("pipeline_stage_lag_records{pipeline_stage=\"originals\"}")).Single().Value);
        Assert.Equal(1, (await prometheus.QueryAsync("count(pipeline_stage_latency_seconds_bucket{pipeline_name=\"copies\",le=\"5.0\"})")).Single().Value);
    }

    [Fact]
    public async Task It_has_the_format_that_is_asked_for()
    {
        await using var host = await StartAsync();

        var (type, text) = await host.MetricsAsync();
        Assert.StartsWith("text/plain; version=0.0.4", type, StringComparison.Ordinal);
        Assert.Contains(
            "\npipeline_stage_input_records_total{pipeline_name=\"copies\",pipeline_stage=\"originals\"} ", text, StringComparison.Ordinal);

        (type, text) = await host.MetricsAsync(OpenMetrics);
        Assert.StartsWith("application/openmetrics-text; version=1.0.0", type, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lag_by_partition_is_there_only_when_it_is_asked_for()
    {
        await using (var host = await StartAsync())
        {
            Assert.DoesNotContain("pipeline_partition", (await host.MetricsAsync()).Text, StringComparison.Ordinal);
        }

        await using (var host = await StartAsync(("Telemetry:Partitions", "true")))
        {
            Assert.Contains(
                "pipeline_task_lag_records{pipeline_name=\"copies\",pipeline_partition=\"0\",pipeline_stage=\"originals\"} 0",
                (await host.MetricsAsync()).Text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_callers_are_asked_who_they_are_it_needs_a_key_unless_it_is_left_open()
    {
        var key = ApiKey.Create();
        (string, string?)[] asked =
        [
            ("Gateway:Authentication:ApiKeys:0:Name", "prometheus"), ("Gateway:Authentication:ApiKeys:0:Hash", key.Hash), (
                "Gateway:Authentication:ApiKeys:0:Scopes:0", "consume"),
        ];
        await using (var host = await TelemetryHost.StartAsync(Define, asked.ToDictionary()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Http.GetAsync("/metrics")).StatusCode);
            host.Http.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
            Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/metrics")).StatusCode);
        }

        await using (var host = await TelemetryHost.StartAsync(Define, asked.Append(("Telemetry:AnonymousMetrics", "true")).ToDictionary()))
        {
            Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/metrics")).StatusCode);
        }
    }

    [Fact]
    public async Task Prices_are_there_when_they_are_set_with_the_discount_of_the_host_and_processor_seconds_and_the_size_of_the_store_always()
    {
        await using (var host = await StartAsync())
        {
            var text = (await host.MetricsAsync()).Text;
            Assert.DoesNotContain("pipeline_price", text, StringComparison.Ordinal);
            Assert.Contains("\ndotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"} ", text, StringComparison.Ordinal);
            Assert.Matches(@"\npipeline_store_size_bytes(\{\})? [1-9]", text);
        }

        await using (var host = await TelemetryHost.StartAsync(Define, Job.Configuration))
        {
            var text = (await host.MetricsAsync()).Text;
            Assert.Contains("\npipeline_price_cpu_hour{pipeline_currency=\"EUR\"} 0.02\n", text, StringComparison.Ordinal);
            Assert.Contains("\npipeline_price_memory_gibibyte_hour{pipeline_currency=\"EUR\"} 0.0025\n", text, StringComparison.Ordinal);
            Assert.Contains("\npipeline_price_stored_gibibyte_month{pipeline_currency=\"EUR\"} 0.1\n", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Telemetry:Metrics", "false")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task It_is_not_there_when_it_is_switched_off(string setting, string value)
    {
        await using var host = await TelemetryHost.StartAsync(Define, new Dictionary<string, string?> { [setting] = value });

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/metrics")).StatusCode);
    }

    [Theory]
    [InlineData("Telemetry:Partition", "true", "Telemetry:Partition does not exist")]
    [InlineData("Telemetry:SampledShare", "2", "Telemetry:SampledShare is 2; give 0 to 1")]
    [InlineData("Telemetry:Metrics", "perhaps", "Metrics")]
    [InlineData("Cost:CpuDay", "1", "Cost:CpuDay does not exist. There are: CpuHour, Currency, ")]
    [InlineData("Cost:CpuHour", "-0.04", "Cost:CpuHour is -0.04; give a price of 0 or more")]
    [InlineData("Cost:CpuHour", "0.04", "Cost:Currency is not set")]
    [InlineData("Cost:StoredGibMonth", "much", "StoredGibMonth")]
    [InlineData("Cost:SpotDiscount", "1", "Cost:SpotDiscount is 1; give a share, 0 or more and below 1")]
    [InlineData("Cost:Currency", "pieces of eight", "Cost:Currency is 'pieces of eight'; give 1 to 8 characters")]
    public async Task A_setting_that_cannot_be_is_refused_by_name(string setting, string value, string named)
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TelemetryHost.StartAsync(Define, new Dictionary<string, string?> { [setting] = value }));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static void Define(PipelineCatalog pipelines) => pipelines.Add("copies", pipeline => pipeline
        .From("originals", Serializers.Text, partitions: 1)
        .To(Sink.Topic("copied"), key: null, Serializers.Text));

    private static async Task<TelemetryHost> StartAsync(params (string, string?)[] configuration)
    {
        var host = await TelemetryHost.StartAsync(Define, configuration.ToDictionary());
        await using var producer = new Producer(host.Store, "originals");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(number => producer.SendAsync("key", $"{number}").AsTask()));
        await host.Engine.WhenCommittedAsync(new TaskId("copies", "originals", 0), 3);
        return host;
    }
}
