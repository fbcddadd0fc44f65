using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Pipeline.EndToEnd.Tests.Demo;

public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Generated_lines_are_all_processed_but_for_one_in_a_thousand()
    {
        var (exitCode, output, errors) = await RunAsync("--json", "--records", "20000");

        Assert.True(exitCode == 0, errors);
        var summary = LastLine(output);
        Assert.Equal((20_000, 19_980, 20), Counts(summary));
        Assert.Equal(19_980, summary.GetProperty("byStatus").EnumerateObject().Sum(status => status.Value.GetInt64()));
        Assert.True(summary.GetProperty("seconds").GetDouble() > 0);
        Assert.True(summary.GetProperty("recordsPerSecond").GetDouble() > 0);
        Assert.True(summary.GetProperty("p50Ms").GetDouble() <= summary.GetProperty("p99Ms").GetDouble());
    }

    [Fact]
    public async Task The_real_log_gives_the_ground_truth()
    {
        var (exitCode, output, errors) = await RunAsync("--json", "--file", Path.Combine(AppContext.BaseDirectory, "apache_logs.gz"));

        Assert.True(exitCode == 0, errors);
        var summary = LastLine(output);
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
        var (exitCode, output, errors) = await RunAsync(options);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["--file", "--records", "--serve", "--json", "--help"], option => Assert.Contains(option, output, StringComparison.Ordinal));
    }

    private static (int Sent, int Processed, int DeadLettered) Counts(JsonElement summary) =>
        (summary.GetProperty("sent").GetInt32(), summary.GetProperty("processed").GetInt32(), summary.GetProperty("deadLettered").GetInt32());

    private static JsonElement LastLine(string output) =>
        JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var start = new ProcessStartInfo(Path.Combine(Repository(), "demo.sh"), options) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await errors);
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "demo.sh")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"No directory above '{AppContext.BaseDirectory}' has the demo.");
        }

        return directory.FullName;
    }
}
