using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Pipelines;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Lag;

/// <summary>The lag of pipelines as a table, by stage and partition.</summary>
internal static class LagTable
{
    public static Table Of(LagView lag)
    {
        var table = TextTables.Of("PIPELINE", "STAGE", ">PARTITION", ">LAG", ">RECORDS/S", "STATE");
        foreach (var pipeline in lag.Pipelines)
        {
            foreach (var stage in pipeline.Stages)
            {
                AddTotal(table, pipeline, stage);
                foreach (var task in stage.Tasks)
                {
                    table.AddRow(
                        "",
                        "",
                        NumberText.Count(task.Partition),
                        NumberText.Count(task.Lag),
                        NumberText.Rate(task.RecordsPerSecond),
                        PipelinePage.Markup(task.State) + (HotPartitions.IsHot(task, stage) ? " [red]hot[/]" : "") + (task.Error is null ? "" : $" {task.Error.EscapeMarkup()}"));
                }
            }
        }

        foreach (var stage in lag.Undefined)
        {
            table.AddRow(
                $"[bold]{stage.Pipeline.EscapeMarkup()}[/]",
                $"[bold]{stage.Stage.EscapeMarkup()}[/]",
                "[bold]all[/]",
                $"[bold]{NumberText.Count(stage.Records)}[/]",
                "",
                $"[red]not defined[/], holds topic {stage.Topic}: pipeline forget {stage.Pipeline.EscapeMarkup()}");
        }

        return table;
    }

    private static void AddTotal(Table table, PipelineStatus pipeline, StageStatus stage) => table.AddRow(
        $"[bold]{pipeline.Name.EscapeMarkup()}[/]",
        $"[bold]{stage.Name.EscapeMarkup()}[/]",
        "[bold]all[/]",
        $"[bold]{NumberText.Count(stage.Tasks.Sum(task => task.Lag))}[/]",
        $"[bold]{NumberText.Rate(stage.Tasks.Sum(task => task.RecordsPerSecond))}[/]",
        PipelinePage.Markup(pipeline.State));
}
