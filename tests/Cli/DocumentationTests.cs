using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class DocumentationTests
{
    private const string PageAddress = "localhost:5080";

    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cli.md"));

    [Fact]
    public async Task Every_example_of_the_page_prints_what_the_page_says()
    {
        using var directory = new TemporaryDirectory();
        await using var host = HostProcess.Start(
            "AccessLog.EmbeddedHost.dll", "--database", directory["host.db"], "--urls", "http://127.0.0.1:0");
        var address = $"localhost:{(await host.ReadyAsync()).Port}";
        Directory.CreateDirectory(directory["work"]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "apache_logs.gz"), Path.Combine(directory["work"], "apache_logs.gz"));
        using var shell = new ShellSession(
            directory["work"],
            new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = directory["configuration"] },
            $"unset ${{!PIPELINE_*}}; pipeline() {{ {Tool.ShellCommand} \"$@\"; }}");

        var examples = ConsoleExamples.Read(Page);
        Assert.True(examples.Count > 30, $"The page has {examples.Count} examples.");
        var faults = new List<string>();
        foreach (var example in examples)
        {
            var (output, _) = await shell.RunAsync(example.Command.Replace(PageAddress, address, StringComparison.Ordinal));
            var printed = output.Replace(address, PageAddress, StringComparison.Ordinal);
            if (!ExpectedOutput.Matches(example.Output, printed))
            {
                faults.Add($"Line {example.Line}: $ {example.Command}\n{printed.TrimEnd()}\nThe page says:\n{string.Join('\n', example.Output)}\n");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_page_lists_every_exit_code()
    {
        var listed = Regex.Matches(Page, @"^\| (\d+) \| `(\w+)` \|", RegexOptions.Multiline).Select(row => (
            int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            row.Groups[2].Value));

        Assert.Equal(
            Enum.GetValues<ExitCode>().Select(code => ((int)code, JsonNamingPolicy.CamelCase.ConvertName(code.ToString()))), listed);
    }

    [Theory]
    [InlineData(new[] { "a … c" }, "a b c\n", true)]
    [InlineData(new[] { "a … c" }, "a b\nc\n", false)]
    [InlineData(new[] { "first", "…", "last" }, "first\nlast\n", true)]
    [InlineData(new[] { "first", "…", "last" }, "first\nx\ny\nlast  \n\n", true)]
    [InlineData(new[] { "first" }, "first\nsecond\n", false)]
    [InlineData(new string[0], "\n", true)]
    [InlineData(new string[0], "more\n", false)]
    public void An_example_matches_what_it_says_and_nothing_else(string[] expected, string output, bool matches) =>
        Assert.Equal(matches, ExpectedOutput.Matches(expected, output));
}
