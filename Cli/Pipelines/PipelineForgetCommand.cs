using System.CommandLine;
using Orleans.Pipeline.Cli.Completion;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Lets go of the checkpoints of a pipeline that no host defines any more.</summary>
internal sealed class PipelineForgetCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = new("pipeline") { HelpName = "PIPELINE", Description = "The pipeline's name." };

    private readonly Option<string?> _stage =
        new("--stage") { HelpName = "NAME", Description = "Only this stage. Default all that no host defines." };

    private readonly Option<bool> _yes = Confirmation.YesOption();

    public PipelineForgetCommand()
        : base(
            "forget",
            "Let go of the checkpoints of a pipeline, or of its stages, that no host defines any more: they hold records and topics.")
    {
        _pipeline.CompletionSources.Add(ServerNames.Undefined);
        Add(_pipeline);
        Add(_stage);
        Add(_yes);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (pipeline, stage) = (context.Options.GetRequiredValue(_pipeline), context.Options.GetValue(_stage));
        var undefined = (await context.Client.Admin.ListUndefinedAsync(cancellationToken))
            .Where(found => found.Pipeline == pipeline && (stage is null || found.Stage == stage)).ToList();
        if (undefined.Count > 0)
        {
            await Confirmation.AskAsync(context, context.Options.GetValue(_yes), Consequence(undefined), cancellationToken);
        }

        var forgotten = await context.Client.Admin.ForgetAsync(pipeline, stage, cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new ForgottenJson(forgotten), CliJson.Default.ForgottenJson);
        }
        else
        {
            context.Output.Note($"Let go of {ListOf(forgotten)}. Retention no longer waits for it.");
        }

        return ExitCode.Ok;
    }

    private static string Consequence(IReadOnlyList<UndefinedStage> undefined) =>
        $"This lets go of {ListOf(undefined)}: {NumberText.Of(undefined.Sum(stage => stage.Records), "record")} that it has not processed "
        + "may be removed, and it starts from the beginning if it comes back.";

    private static string ListOf(IReadOnlyList<UndefinedStage> stages) => string.Join(
        ", ", stages.Select(stage => $"stage '{stage.Stage}' of pipeline '{stage.Pipeline}' on topic '{stage.Topic}'"));
}

/// <summary>What was let go of, as <c>--json</c> writes it.</summary>
internal sealed record ForgottenJson(IReadOnlyList<UndefinedStage> Forgotten);
