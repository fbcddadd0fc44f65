using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class DeadLetterTests(ServerFixture server) : ToolTest(server)
{
    private const string Topic = "access-log";
    private const string Pipeline = "traffic";

    [Fact]
    public async Task Dead_letters_are_counted_listed_shown_replayed_and_discarded()
    {
        (await RunAsync("dead-letters", "discard", Pipeline, "--all", "--yes")).Succeeded();
        await SendBadLinesAsync(3);

        var errors = (await RunAsync("dead-letters", "errors", Pipeline, "--json")).Succeeded().Json.GetProperty("errors");
        var page = (await RunAsync("dead-letters", "list", Pipeline, "--limit", "2", "--json")).Succeeded().Json;
        var rest = (await RunAsync("dead-letters", "list", Pipeline, "--after", page.GetProperty("next").GetString()!, "--json"))
            .Succeeded()
            .Json;
        var first = page.GetProperty("deadLetters")[0];
        var place = $"{first.GetProperty("partition").GetInt32()}:{first.GetProperty("offset").GetInt64()}";
        var shown = (await RunAsync("dead-letters", "show", Pipeline, place)).Succeeded();

        Assert.Equal((3, "System.FormatException", "ParseLogLine"), (
            errors[0].GetProperty("count").GetInt32(),
            errors[0].GetProperty("errorType").GetString(),
            errors[0].GetProperty("step").GetString()));
        Assert.Equal((2, 1), (page.GetProperty("deadLetters").GetArrayLength(), rest.GetProperty("deadLetters").GetArrayLength()));
        Assert.Equal(("bad line", "access-log", "System.FormatException", 0), (
            first.GetProperty("valueText").GetString(),
            first.GetProperty("source").GetProperty("topic").GetString(),
            first.GetProperty("error").GetProperty("type").GetString(),
            first.GetProperty("replays").GetInt32()));
        Assert.Contains("System.FormatException: The line is not in the combined log format", shown.Output, StringComparison.Ordinal);
        Assert.StartsWith("   at AccessLog.", first.GetProperty("error").GetProperty("stack").GetString());
        Assert.Contains("\nStack\n   at AccessLog.", shown.Output, StringComparison.Ordinal);

        Assert.Equal(1, (await RunAsync("dead-letters", "replay", Pipeline, place, "--yes", "--json")).Succeeded().Json.GetProperty("count").GetInt32());
        (await RunAsync("dead-letters", "show", Pipeline, place)).FailedWith(3, $"has no dead letter {place}");
        await CaughtUpAsync();
        Assert.Equal(3, (await RunAsync(
            "dead-letters",
            "discard",
            Pipeline,
            "--error-type",
            "FormatException",
            "--yes",
            "--json")).Succeeded().Json.GetProperty("count").GetInt32());
        Assert.Contains(
            "has no dead letters", (await RunAsync("dead-letters", "errors", Pipeline)).Succeeded().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_them_off_the_list_must_be_said_which_and_confirmed()
    {
        (await RunAsync("dead-letters", "discard", Pipeline, "--all", "--yes")).Succeeded();
        await SendBadLinesAsync(1);

        (await RunAsync("dead-letters", "replay", Pipeline)).FailedWith(2, "No dead letters are selected");
        (await RunAsync("dead-letters", "discard", Pipeline, "--all", "--step", "x", "--yes")).FailedWith(2, "exclude each other");
        (await RunAsync("dead-letters", "discard", Pipeline, "--all")).FailedWith(2, "they cannot be replayed any more. Give --yes");
        (await RunAsync("dead-letters", "replay", Pipeline, "--error-type", "FormatExeption", "--yes")).FailedWith(
            2, "Did you mean FormatException?");
        (await RunAsync("dead-letters", "show", Pipeline, "first")).FailedWith(2, "'first' is not the place of a dead letter");
        (await RunAsync("dead-letters", "list", "trafic")).FailedWith(3, "Pipeline 'trafic' does not exist");
        Assert.Equal(0, (await RunAsync("dead-letters", "discard", Pipeline, "--step", "Other", "--yes", "--json")).Succeeded().Json.GetProperty("count").GetInt32());
    }

    private async Task SendBadLinesAsync(int count)
    {
        (await RunWithInputAsync(string.Concat(Enumerable.Repeat("bad line\n", count)), "produce", Topic)).Succeeded();
        await CaughtUpAsync();
    }

    /// <summary>Waits until the pipeline has processed all that is there.</summary>
    private async Task CaughtUpAsync()
    {
        await Server.Client.Admin.DrainAsync(Pipeline);
        await Server.Client.Admin.ResumeAsync(Pipeline);
    }
}
