using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class CompletionTests(ServerFixture server) : ToolTest(server)
{
    [Theory]
    [InlineData("pipeline top", "topic")]
    [InlineData("pipeline topic descr", "describe")]
    [InlineData("pipeline topic describe access-log.p", "access-log.parsed")]
    [InlineData("pipeline pipeline pause tr", "traffic")]
    [InlineData("pipeline produce access-log --on-error ", "skip stop")]
    [InlineData("pipeline topic create new --reten", "--retention")]
    public async Task Bash_completes_commands_options_topics_and_pipelines(string line, string candidates)
    {
        var completed = (await RunScriptAsync($$"""
            source <(pipeline completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            COMP_WORDS=({{line}}{{(line.EndsWith(' ') ? " ''" : "")}}) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _pipeline_complete
            complete -p pipeline >&2
            echo "${COMPREPLY[*]}"
            """)).Succeeded();

        Assert.Equal(candidates, completed.Output.Trim());
        Assert.Contains("-F _pipeline_complete pipeline", completed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tab_in_an_interactive_bash_completes_the_line()
    {
        var typed = await RunScriptAsync($$"""
            rc=$(mktemp)
            printf '%s\n' 'PS1=' 'pipeline() { {{Tool.ShellCommand}} "$@"; }' 'source <(pipeline completion bash)' > "$rc"
            printf 'pipeline topic descr\taccess-log.e\t\nexit\n' | TERM=dumb script -qec "bash --rcfile $rc -i" /dev/null
            rm "$rc"
            """);

        Assert.Contains("Topic       access-log.errors", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_offers_nothing_where_no_server_answers()
    {
        var suggested = await RunAsync("[suggest:37]", "_ --server 127.0.0.1:1 topic describe ");

        Assert.Equal((0, ""), (suggested.ExitCode, suggested.Errors));
        Assert.DoesNotContain("access-log", suggested.Output, StringComparison.Ordinal);
        Assert.Contains(
            "compdef _pipeline_complete pipeline", (await RunAsync("completion", "zsh")).Succeeded().Output, StringComparison.Ordinal);
    }
}
