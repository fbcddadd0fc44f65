using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Pipelines;

internal sealed class PipelineListCommand() : PipelineCommand("list", "List the pipelines, with their state, lag and rate.")
{
    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var pipelines = await context.Client.Admin.ListPipelinesAsync(cancellationToken);
        var undefined = await context.Client.Admin.ListUndefinedAsync(cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(
                new PipelineListJson(pipelines, undefined.Count == 0 ? null : undefined), CliJson.Default.PipelineListJson);
            return ExitCode.Ok;
        }

        if (pipelines.Count == 0)
        {
            context.Output.Note("The server has no pipelines.");
        }
        else
        {
            Write(context.Output, pipelines);
        }

        UndefinedTable.Write(context.Output, undefined);
        return ExitCode.Ok;
    }

    private static void Write(CommandOutput output, IReadOnlyList<PipelineStatus> pipelines)
    {
        var table = TextTables.Of("PIPELINE", "STATE", ">STAGES", ">LAG", ">RECORDS/S", ">DEAD LETTERS", ">P99 MS");
        foreach (var pipeline in pipelines)
        {
            table.AddRow(
                pipeline.Name.EscapeMarkup(),
                PipelinePage.Markup(pipeline.State),
                NumberText.Count(pipeline.Stages.Count),
                NumberText.Count(pipeline.Lag),
                NumberText.Rate(pipeline.RecordsPerSecond),
                NumberText.Count(pipeline.DeadLetters),
                NumberText.Rate(pipeline.Latency.P99Ms));
        }

        output.Page.Write(table);
    }
}

/// <summary>Pipelines, as <c>--json</c> writes them, in the form of the HTTP API.</summary>
/// <param name="Pipelines">The pipelines.</param>
/// <param name="Undefined">The stages that have checkpoints and that no host defines; null if there are none.</param>
internal sealed record PipelineListJson(
    IReadOnlyList<PipelineStatus> Pipelines,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<UndefinedStage>? Undefined);
