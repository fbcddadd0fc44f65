using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class PipelineTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task A_pipeline_is_paused_moved_resumed_and_drained()
    {
        var paused = (await RunAsync("pipeline", "pause", "traffic", "--json")).Succeeded().Json;
        var moved = (await RunAsync("pipeline", "seek", "traffic", "--to", "end", "--yes", "--json")).Succeeded().Json;
        var resumed = (await RunAsync("pipeline", "resume", "traffic", "--json")).Succeeded().Json;
        var drained = (await RunAsync("pipeline", "drain", "traffic", "--json")).Succeeded().Json;
        (await RunAsync("pipeline", "drain", "traffic")).FailedWith(1, "is paused, so it cannot drain");
        var notes = (await RunAsync("pipeline", "resume", "traffic")).Succeeded();

        Assert.Equal(
            ["Paused", "Paused", "Running", "Paused"],
            new[] { paused, moved, resumed, drained }.Select(status => status.GetProperty("state").GetString()));
        Assert.Equal(("", "Pipeline 'traffic' is running, 0 records behind.\n"), (notes.Output, notes.Errors));
    }

    [Fact]
    public async Task The_commands_of_pipelines_stand_at_the_root_too()
    {
        var listed = (await RunAsync("list", "--json")).Succeeded().Json;
        var described = (await RunAsync("describe", "traffic")).Succeeded();

        Assert.Equal(
            ["traffic"], listed.GetProperty("pipelines").EnumerateArray().Select(pipeline => pipeline.GetProperty("name").GetString()));
        Assert.Contains("Stage access-log reads access-log", described.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seek_says_that_effects_repeat_and_wants_to_be_confirmed()
    {
        (await RunAsync("pipeline", "seek", "traffic", "--to", "start")).FailedWith(2, "its effects repeat");
        (await RunAsync("pipeline", "seek", "traffic", "--to", "7", "--yes")).FailedWith(1, "was not moved");
        (await RunAsync("pipeline", "seek", "traffic", "--to", "yesterday", "--yes")).FailedWith(
            2, "'yesterday' is not a place in a topic");
        (await RunAsync("pipeline", "seek", "traffic", "--yes")).FailedWith(2, "--to");
    }

    [Fact]
    public async Task A_pipeline_that_is_not_there_is_told_with_those_that_are()
    {
        (await RunAsync("pipeline", "describe", "trafic")).FailedWith(3, "Defined here: 'traffic'");
        (await RunAsync("lag", "trafic")).FailedWith(3, "Defined here: 'traffic'");
    }

    [Fact]
    public async Task Lag_is_told_by_stage_and_partition()
    {
        var lag = (await RunAsync("lag", "--json")).Succeeded().Json;
        var table = (await RunAsync("lag", "traffic")).Succeeded();

        var stage = lag.GetProperty("pipelines")[0].GetProperty("stages")[0];
        Assert.Equal(("access-log", 8), (stage.GetProperty("source").GetString(), stage.GetProperty("partitions").GetArrayLength()));
        Assert.False(stage.GetProperty("partitions")[0].GetProperty("hot").GetBoolean());
        Assert.Equal(10, table.Lines.Count);
    }

    [Fact]
    public async Task A_watch_writes_a_line_each_time_and_ends_with_Ctrl_C()
    {
        using var watch = Start("lag", "--watch", "--interval", "50ms", "--json");
        var lines = new[] { await watch.ReadLineAsync(), await watch.ReadLineAsync() };
        watch.Interrupt();

        Assert.All(lines, line => Assert.StartsWith("{\"time\":", line, StringComparison.Ordinal));
        Assert.Equal(130, (await watch.ExitAsync()).ExitCode);
    }
}
