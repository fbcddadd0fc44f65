using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Pipeline.ClusterCrash.Tests.Demo;

/// <summary><c>./demo.sh --cluster</c>: three silos over PostgreSQL, one of them killed while lines are being pushed.</summary>
public sealed partial class ClusterDemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [PostgresFact]
    public async Task A_silo_killed_in_mid_run_costs_no_record_and_the_living_ones_go_on_serving()
    {
        using var demo = DemoProcess.Start("--cluster", "--serve", "--json", "--records", "100000");

        var dashboards = new[] { await demo.ReadToAsync("Dashboard:", isError: true), await demo.ReadToAsync("Dashboard:", isError: true) };
        using var http = new HttpClient();
        foreach (var address in dashboards.Select(line => line[line.LastIndexOf("http", StringComparison.Ordinal)..]))
        {
            Assert.Contains("Orleans", await http.GetStringAsync($"{address}/"), StringComparison.Ordinal);
            Assert.True((await http.GetAsync(new Uri(new Uri(address), "/health/ready"))).IsSuccessStatusCode);
            var metrics = await http.GetStringAsync(new Uri(new Uri(address), "/metrics"));
            Assert.Matches(@"(?m)^pipeline_stage_input_records_total\{[^}]*pipeline_name=""traffic""[^}]*\} [1-9]", metrics);
            Assert.Matches(@"(?m)^pipeline_store_write_duration_seconds_count\{[^}]*db_system_name=""postgresql""[^}]*pipeline_store_operation=""commit""[^}]*\} [1-9]", metrics);
            Assert.Matches(@"(?m)^pipeline_cluster_silos(\{[^}]*\})? [1-9]", metrics);
        }

        demo.Terminate();
        Assert.Equal(0, await demo.ExitAsync());
        var summary = demo.Summary;
        Assert.Equal(
            (100_000, 99_900, 100),
            (summary.GetProperty("sent").GetInt32(), summary.GetProperty("processed").GetInt32(), summary.GetProperty("deadLettered").GetInt32()));
        Assert.Equal(99_900, summary.GetProperty("byStatus").EnumerateObject().Sum(status => status.Value.GetInt64()));
        Assert.Equal(49_999, summary.GetProperty("takeOver").GetProperty("afterLines").GetInt32());
        Assert.NotEmpty(summary.GetProperty("takeOver").GetProperty("partitions").EnumerateArray());
        Assert.Matches(@"Silo process \d+ was killed \(SIGKILL\) when 49,999 lines were sent\.", demo.Output);
        Assert.Matches(@"s after the kill: new owners run the partitions \d", demo.Output);
        Assert.DoesNotContain("Killed", demo.Errors, StringComparison.Ordinal);
        AssertNothingLeft(demo);
    }

    [PostgresFact]
    public async Task The_real_log_gives_the_ground_truth_though_a_silo_is_killed()
    {
        using var demo = DemoProcess.Start("--cluster", "--json", "--file", Path.Combine(AppContext.BaseDirectory, "apache_logs.gz"));

        var exitCode = await demo.ExitAsync();

        Assert.True(exitCode == 0, demo.Output + demo.Errors);
        Assert.Equal(2_747_282_505, demo.Summary.GetProperty("bytes").GetInt64());
        Assert.Equal(
            "200=9125 206=45 301=164 304=445 403=2 404=213 416=2 500=3",
            string.Join(' ', demo.Summary.GetProperty("byStatus").EnumerateObject().Select(status => $"{status.Name}={status.Value}")));
    }

    [PostgresFact]
    public async Task Stopped_while_it_pushes_it_leaves_no_process_and_no_file()
    {
        using var demo = DemoProcess.Start("--cluster", "--records", "100000000");
        await demo.ReadToAsync("Processed:");
        var servers = demo.Files.Where(file => Path.GetFileName(file) == "postmaster.pid")
            .Select(file => File.ReadLines(file).First())
            .ToList();

        demo.Terminate();

        Assert.Equal(143, await demo.ExitAsync());
        AssertNothingLeft(demo);
        Assert.DoesNotContain(servers, IsRunning);
    }

    private static void AssertNothingLeft(DemoProcess demo)
    {
        Assert.Empty(demo.Files);
        var silos = SiloProcess().Matches(demo.Output).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, silos.Count);
        Assert.DoesNotContain(silos, IsRunning);
    }

    private static bool IsRunning(string process)
    {
        try
        {
            using var found = Process.GetProcessById(int.Parse(process, CultureInfo.InvariantCulture));
            return !found.WaitForExit(Patience);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^Silo \d: .* \(process (\d+)\)$", RegexOptions.Multiline)]
    private static partial Regex SiloProcess();
}
