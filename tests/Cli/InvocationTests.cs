using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class InvocationTests(ServerFixture server) : ToolTest(server)
{
    [Theory]
    [InlineData("'pipeline topic' has no command 'descr'. Did you mean describe?", "topic", "descr")]
    [InlineData("'pipeline' has no command 'topics'. Did you mean topic?", "topics")]
    [InlineData("'pipeline topic list' has no option --sever. Did you mean --server?", "topic", "list", "--sever", "x")]
    [InlineData("'pipeline topic' needs a command: list, describe, create", "topic")]
    [InlineData("TOPIC", "topic", "describe")]
    [InlineData("'5x' is not a retention", "topic", "create", "a", "--retention", "5x")]
    [InlineData("'soon' is not a duration", "topic", "list", "--timeout", "soon")]
    [InlineData("it contains 'O'", "topic", "create", "myOrders")]
    [InlineData("--partitions: '0' is not a whole number from 1 to 1,024.", "topic", "create", "orders", "--partitions", "0")]
    [InlineData("'ftp://host' is not the address of a server", "topic", "list", "--server", "ftp://host")]
    public async Task Wrong_use_is_told_with_what_to_do(string message, params string[] arguments) =>
        (await RunAsync(arguments)).FailedWith(2, message);

    [Theory]
    [InlineData("--api-key", "plk_secret")]
    [InlineData("--api-key=plk_secret")]
    [InlineData("--token", "plk_secret")]
    [InlineData("--password=plk_secret")]
    public async Task A_key_on_the_command_line_is_refused_with_the_reason_and_not_repeated(params string[] options)
    {
        var refused = (await RunAsync(["topic", "list", .. options])).FailedWith(2, "stays in the shell's history");

        Assert.Contains("PIPELINE_API_KEY_FILE", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("plk_secret", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_with_exit_code_5()
    {
        (await RunAsync("topic", "list", "--server", "http://127.0.0.1:1")).FailedWith(5, "http://127.0.0.1:1");

        var failed = await RunAsync("topic", "list", "--server", "http://127.0.0.1:1", "--json");

        Assert.Equal(
            ("unreachable", 5), (failed.ErrorJson.GetProperty("kind").GetString(), failed.ErrorJson.GetProperty("exitCode").GetInt32()));
    }

    [Fact]
    public async Task The_next_server_is_asked_when_one_does_not_answer() =>
        (await RunAsync("topic", "list", "--server", "http://127.0.0.1:1", "--server", Server.Address.ToString())).Succeeded();

    [Fact]
    public async Task Without_a_server_it_says_how_to_name_one()
    {
        using var tool = Tool.Start(
            new Dictionary<string, string> { ["PIPELINE_CONFIG"] = Server.PathOf("nothing.json") }, "topic", "list");

        (await tool.ExitAsync()).FailedWith(2, "pipeline profile add local --server http://localhost:5080");
    }

    [Fact]
    public async Task A_pipe_that_is_closed_early_ends_it_quietly()
    {
        var result = await RunScriptAsync("set -o pipefail; pipeline lag --watch --interval 20ms --json | head -1");

        Assert.Equal((0, "", 1), (result.ExitCode, result.Errors, result.Lines.Count));
    }

    [Fact]
    public async Task Output_into_a_file_that_a_script_writes_too_stays_in_order()
    {
        var file = Server.PathOf("shared.txt");

        (await RunScriptAsync($"{{ echo before; pipeline list --json; echo after; }} > {file}")).Succeeded();

        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(("before", "{", "after"), (lines[0], lines[1], lines[^1]));
    }

    [Fact]
    public async Task Help_says_how_it_ends_and_names_every_command()
    {
        var help = (await RunAsync("--help")).Succeeded();

        Assert.All(
            ["topic", "pipeline", "lag", "profile"], command => Assert.Contains($"\n  {command}", help.Output, StringComparison.Ordinal));
        Assert.Contains("Exit codes: 0 done", help.Output, StringComparison.Ordinal);
    }
}
