using System.Text.Json;

namespace Orleans.Pipeline.EndToEnd.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task Generated_lines_are_all_processed_but_for_one_in_a_thousand()
    {
        var (exitCode, demo) = await RunAsync("--json", "--records", "20000");

        Assert.True(exitCode == 0, demo.Errors);
        var summary = demo.Summary;
        Assert.Equal((20_000, 19_980, 20), Counts(summary));
        Assert.Equal(19_980, summary.GetProperty("byStatus").EnumerateObject().Sum(status => status.Value.GetInt64()));
        Assert.True(summary.GetProperty("seconds").GetDouble() > 0);
        Assert.True(summary.GetProperty("recordsPerSecond").GetDouble() > 0);
        Assert.True(summary.GetProperty("p50Ms").GetDouble() <= summary.GetProperty("p99Ms").GetDouble());
    }

    [Fact]
    public async Task The_real_log_gives_the_ground_truth()
    {
        var (exitCode, demo) = await RunAsync("--json", "--file", Path.Combine(AppContext.BaseDirectory, "apache_logs.gz"));

        Assert.True(exitCode == 0, demo.Errors);
        var summary = demo.Summary;
        Assert.Equal((10_000, 9_999, 1), Counts(summary));
        Assert.Equal(2_747_282_505, summary.GetProperty("bytes").GetInt64());
        Assert.Equal(
            "200=9125 206=45 301=164 304=445 403=2 404=213 416=2 500=3",
            string.Join(' ', summary.GetProperty("byStatus").EnumerateObject().Select(status => $"{status.Name}={status.Value}")));
    }

    [Theory]
    [InlineData("there is no option '--fast'", "--fast")]
    [InlineData("there is no file 'missing.log'", "--file", "missing.log")]
    [InlineData("--file needs a value", "--file")]
    [InlineData("--records takes a number", "--records", "many")]
    [InlineData("--records takes a number", "--records", "0")]
    public async Task A_wrong_call_is_refused_with_exit_code_2(string fault, params string[] options)
    {
        var (exitCode, demo) = await RunAsync(options);

        Assert.Equal((2, ""), (exitCode, demo.Output));
        Assert.Contains(fault, demo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var (exitCode, demo) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(
            ["--cluster", "--file", "--records", "--serve", "--json", "--help"], option => Assert.Contains(option, demo.Output, StringComparison.Ordinal));
    }

    private static (int Sent, int Processed, int DeadLettered) Counts(JsonElement summary) =>
        (summary.GetProperty("sent").GetInt32(), summary.GetProperty("processed").GetInt32(), summary.GetProperty("deadLettered").GetInt32());

    private static async Task<(int ExitCode, DemoProcess Demo)> RunAsync(params string[] options)
    {
        using var demo = DemoProcess.Start(options);
        var exitCode = await demo.ExitAsync();
        Assert.Empty(demo.Files);
        return (exitCode, demo);
    }
}
