using Orleans.Pipeline.Cli.Output;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Shows one pipeline.</summary>
internal static class PipelinePage
{
    /// <summary>Writes a pipeline's status for people or as JSON.</summary>
    public static void Write(CommandOutput output, PipelineStatus pipeline)
    {
        if (output.IsJson)
        {
            output.WriteDocument(pipeline, CliJson.Default.PipelineStatus);
            return;
        }

        output.Page.Write(TextTables.Pairs()
            .Pair("Pipeline", pipeline.Name)
            .Pair("State", pipeline.State.ToString())
            .Pair("Profile", pipeline.Profile)
            .Pair("Lag", NumberText.Of(pipeline.Lag, "record"))
            .Pair("Processed", $"{NumberText.Of(pipeline.Processed, "record")} since it started, {NumberText.Rate(pipeline.RecordsPerSecond)} a second now")
            .Pair("Dead letters", NumberText.Count(pipeline.DeadLetters))
            .Pair("Latency", LatencyOf(pipeline.Latency)));
        foreach (var stage in pipeline.Stages)
        {
            output.Page.WriteLine();
            output.Page.MarkupLineInterpolated($"Stage [bold]{stage.Name}[/] reads {stage.Source}");
            Write(output, stage);
        }
    }

    /// <summary>Formats a state, colored on a terminal by urgency.</summary>
    public static string Markup(RunState state) => state switch
    {
        RunState.Running => $"[green]{state}[/]",
        RunState.Draining or RunState.Paused => $"[yellow]{state}[/]",
        _ => $"[red]{state}[/]",
    };

    private static string LatencyOf(LatencyStatus latency) => latency.Count == 0
        ? "nothing measured yet"
        : $"p50 {NumberText.Rate(latency.P50Ms)} ms, p99 {NumberText.Rate(latency.P99Ms)} ms, "
            + $"longest {NumberText.Rate(latency.MaximumMs)} ms";

    private static void Write(CommandOutput output, StageStatus stage)
    {
        var table = TextTables.Of(">PARTITION", "STATE", ">NEXT", ">END", ">LAG", ">RECORDS/S", ">DEAD LETTERS");
        foreach (var task in stage.Tasks)
        {
            table.AddRow(
                NumberText.Count(task.Partition),
                Markup(task.State),
                NumberText.Count(task.NextOffset),
                NumberText.Count(task.EndOffset),
                NumberText.Count(task.Lag),
                NumberText.Rate(task.RecordsPerSecond),
                NumberText.Count(task.DeadLetters));
        }

        output.Page.Write(table);
        foreach (var task in stage.Tasks.Where(task => task.Error is not null))
        {
            output.Page.MarkupLineInterpolated($"[red]Partition {task.Partition}:[/] {task.Error}");
        }
    }
}
