using System.Text.Json;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class DoctorTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task A_deployment_that_is_well_has_no_problems()
    {
        var healthy = (await RunAsync("doctor", "--json")).Succeeded().Json;

        Assert.DoesNotContain("Problem", Severities(healthy));
        Assert.Contains(Findings(healthy), finding => finding.Contains("it is ready: host, store, engine", StringComparison.Ordinal));
        Assert.Contains(Findings(healthy), finding => finding.Contains("it is running", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_a_problem_whatever_the_others_say()
    {
        var found = await RunAsync(
            "doctor",
            "--json",
            "--server",
            "http://127.0.0.1:1",
            "--server",
            Server.Address.ToString(),
            "--server",
            "http://no-such-host.invalid");
        var page = await RunAsync("doctor", "--server", "http://127.0.0.1:1");

        Assert.Equal(6, found.ExitCode);
        Assert.Contains(
            Findings(found.Json), finding => finding.Contains("port 1 of 127.0.0.1 does not accept connections", StringComparison.Ordinal));
        Assert.Contains(
            Findings(found.Json),
            finding => finding.Contains("the name no-such-host.invalid cannot be resolved", StringComparison.Ordinal));
        Assert.Contains(Findings(found.Json), finding => finding.Contains("it is ready", StringComparison.Ordinal));
        Assert.Contains("→ Check that the server is running", page.Output, StringComparison.Ordinal);
        Assert.Equal("1 problem, 0 warnings.\n", page.Errors);
    }

    [Fact]
    public async Task A_paused_pipeline_and_records_all_of_one_key_are_warnings_which_strict_turns_into_an_exit_code()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic);
        (await RunScriptAsync($"yes '{{\"id\":1}}' | head -20000 | pipeline produce {topic} --key id")).Succeeded();
        await Server.Client.Admin.PauseAsync("traffic");
        try
        {
            var found = (await RunAsync("doctor", "--json")).Succeeded().Json;
            Assert.Equal(6, (await RunAsync("doctor", "--strict")).ExitCode);

            Assert.Equal("Warning", found.GetProperty("worst").GetString());
            Assert.Contains(Findings(found), finding => finding.Contains("pipeline traffic: it is paused", StringComparison.Ordinal));
            Assert.Contains(Findings(found), finding => finding.Contains(
                $"topic {topic}: partition",
                StringComparison.Ordinal) && finding.Contains("holds 100 % of the records of 8 partitions", StringComparison.Ordinal));
        }
        finally
        {
            await Server.Client.Admin.ResumeAsync("traffic");
            await Server.Client.Admin.DeleteTopicAsync(topic);
        }
    }

    [Fact]
    public async Task A_topic_over_its_lag_limit_is_a_problem()
    {
        await Server.Client.Admin.PauseAsync("traffic");
        await Server.Client.Admin.UpdateTopicAsync("access-log", new() { LagLimit = 1 });
        try
        {
            (await RunWithInputAsync("one\ntwo\n", "produce", "access-log")).Succeeded();
            var found = await RunAsync("doctor", "--json");

            Assert.Equal(6, found.ExitCode);
            Assert.Contains(Findings(found.Json), finding => finding.Contains(
                "topic access-log: the lag is",
                StringComparison.Ordinal) && finding.Contains("producers are pushed back", StringComparison.Ordinal));
        }
        finally
        {
            await Server.Client.Admin.UpdateTopicAsync("access-log", new() { LagLimit = 10_000_000 });
            await Server.Client.Admin.ResumeAsync("traffic");
        }
    }

    private static IEnumerable<string> Severities(JsonElement report) =>
        report.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("severity").GetString()!);

    private static List<string> Findings(JsonElement report) =>
        [.. report.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("subject").GetString()}: {finding.GetProperty("text").GetString()}")];
}
