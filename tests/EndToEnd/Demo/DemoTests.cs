using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AccessLog.Demo;

namespace Orleans.Pipeline.EndToEnd.Tests.Demo;

/// <summary><c>./demo.sh</c> on one silo, which is the default, and in one process without Orleans.</summary>
public sealed class DemoTests
{
    [Theory]
    [InlineData("silo")]
    [InlineData("embedded", "--embedded")]
    public async Task Generated_lines_are_all_processed_but_for_one_in_a_thousand(string engine, params string[] options)
    {
        var (exitCode, demo) = await RunAsync([.. options, "--json", "--records", "20000"]);

        Assert.True(exitCode == 0, demo.Errors);
        var summary = demo.Summary;
        Assert.Equal(engine, summary.GetProperty("engine").GetString());
        Assert.Equal((20_000, 19_980, 20), Counts(summary));
        Assert.Equal(19_980, summary.GetProperty("byStatus").EnumerateObject().Sum(status => status.Value.GetInt64()));
        Assert.True(summary.GetProperty("seconds").GetDouble() > 0);
        Assert.True(summary.GetProperty("recordsPerSecond").GetDouble() > 0);
        Assert.True(summary.GetProperty("p50Ms").GetDouble() <= summary.GetProperty("p99Ms").GetDouble());
    }

    [Theory]
    [InlineData]
    [InlineData("--embedded")]
    public async Task The_real_log_gives_the_ground_truth(params string[] options)
    {
        var (exitCode, demo) = await RunAsync([.. options, "--json", "--file", Path.Combine(AppContext.BaseDirectory, "apache_logs.gz")]);

        Assert.True(exitCode == 0, demo.Errors);
        var summary = demo.Summary;
        Assert.Equal((10_000, 9_999, 1), Counts(summary));
        Assert.Equal(2_747_282_505, summary.GetProperty("bytes").GetInt64());
        Assert.Equal(
            "200=9125 206=45 301=164 304=445 403=2 404=213 416=2 500=3",
            string.Join(' ', summary.GetProperty("byStatus").EnumerateObject().Select(status => $"{status.Name}={status.Value}")));
    }

    /// <summary>Asks the running silo. It has the grains that the line names, and has answered no fewer calls.</summary>
    [Fact]
    public async Task The_line_about_grains_is_what_the_silo_itself_measures()
    {
        const int Records = 20_000;
        using var demo = DemoProcess.Start("--serve", "--json", "--records", $"{Records}");
        var dashboard = await demo.ReadToAsync("Orleans dashboard: ");
        var address = new Uri(dashboard[dashboard.IndexOf("http", StringComparison.Ordinal)..]);
        var line = await demo.ReadToAsync("Ran on ");
        await demo.ReadToAsync("Ctrl-C stops", isError: true);
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(address, "/metrics"));
        Assert.True((await http.GetAsync(new Uri(address, "/orleans/"))).IsSuccessStatusCode);
        demo.Terminate();
        Assert.Equal(0, await demo.ExitAsync());

        var grains = demo.Summary.GetProperty("grains");
        var calls = grains.GetProperty("callsPerThousandRecords").GetDouble();
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"Ran on 8 partition grains and {Math.Max(2, Environment.ProcessorCount)} worker grains, by {calls:0.##} grain calls a thousand records."),
            line);
        Assert.Matches(@"(?m)^orleans_grains\{grain_type=""partition""\} 8$", metrics);
        Assert.Matches($@"(?m)^orleans_grains\{{grain_type=""worker""\}} {grains.GetProperty("workers").GetInt64()}$", metrics);
        var answered = long.Parse(
            Regex.Match(metrics, @"(?m)^orleans_app_requests_latency_milliseconds_count\{\} (\d+)$").Groups[1].Value,
            CultureInfo.InvariantCulture);
        Assert.InRange(calls * Records / 1000, 1, answered);
    }

    [Fact]
    public async Task Lines_that_are_pushed_several_times_are_counted_each_time()
    {
        var (exitCode, demo) = await RunAsync("--json", "--records", "5000", "--runs", "3");

        Assert.True(exitCode == 0, demo.Errors);
        Assert.Equal((5_000, 4_995, 5), Counts(demo.Summary));
        Assert.Matches(@"(?s)Run 1 of 3: [\d,]+ records/s.*Run 2 of 3: [\d,]+ records/s", demo.Output);
    }

    [Theory]
    [InlineData("there is no option '--fast'", "--fast")]
    [InlineData("there is no file 'missing.log'", "--file", "missing.log")]
    [InlineData("--file needs a value", "--file")]
    [InlineData("--records takes a number", "--records", "many")]
    [InlineData("--records takes a number", "--records", "0")]
    [InlineData("--runs takes a number", "--runs", "-1")]
    [InlineData("exclude each other", "--cluster", "--embedded")]
    public void A_wrong_option_has_a_fault(string fault, params string[] options)
    {
        Assert.Null(DemoOptions.Read(options, out var found));
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_call_is_refused_with_exit_code_2()
    {
        var (exitCode, demo) = await RunAsync("--fast");

        Assert.Equal((2, ""), (exitCode, demo.Output));
        Assert.Contains("demo.sh: there is no option '--fast'", demo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var (exitCode, demo) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(
            ["--embedded", "--cluster", "--file", "--records", "--runs", "--serve", "--json", "--help"],
            option => Assert.Contains(option, demo.Output, StringComparison.Ordinal));
    }

    private static (int Sent, int Processed, int DeadLettered) Counts(JsonElement summary) =>
        (
            summary.GetProperty("sent").GetInt32(),
            summary.GetProperty("processed").GetInt32(),
            summary.GetProperty("deadLettered").GetInt32());

    private static async Task<(int ExitCode, DemoProcess Demo)> RunAsync(params string[] options)
    {
        using var demo = DemoProcess.Start(options);
        var exitCode = await demo.ExitAsync();
        Assert.Empty(demo.Files);
        return (exitCode, demo);
    }
}
