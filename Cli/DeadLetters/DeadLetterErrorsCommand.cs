using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Pipelines;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Counts the dead letters of a pipeline by what went wrong.</summary>
internal sealed class DeadLetterErrorsCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();

    public DeadLetterErrorsCommand()
        : base("errors", "Count the dead letters by type of error and step, the most frequent first.") => Add(_pipeline);

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var pipeline = context.Options.GetRequiredValue(_pipeline);
        var errors = await context.Client.Admin.ListDeadLetterErrorsAsync(pipeline, cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new DeadLetterErrorsJson(errors), CliJson.Default.DeadLetterErrorsJson);
        }
        else if (errors.Count == 0)
        {
            context.Output.Note($"Pipeline '{pipeline}' has no dead letters.");
        }
        else
        {
            var table = TextTables.Of(">COUNT", "ERROR TYPE", "STEP", "MESSAGE OF THE LAST");
            foreach (var error in errors)
            {
                table.AddRow(
                    NumberText.Count(error.Count),
                    FilterOptions.LastPart(error.ErrorType).EscapeMarkup(),
                    error.Step.EscapeMarkup(),
                    error.Message.ReplaceLineEndings(" ").EscapeMarkup());
            }

            context.Output.Page.Write(table);
        }

        return ExitCode.Ok;
    }
}
