using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>A command that changes the state of a pipeline and shows its status afterwards.</summary>
internal abstract class PipelineChangeCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();

    protected PipelineChangeCommand(string name, string description)
        : base(name, description) => Add(_pipeline);

    protected sealed override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var status = await ChangeAsync(context, context.Client.Admin, context.Options.GetRequiredValue(_pipeline), cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(status, CliJson.Default.PipelineStatus);
        }
        else
        {
            context.Output.Note(Tell(status));
        }

        return ExitCode.Ok;
    }

    /// <summary>Changes the pipeline and returns its status afterwards.</summary>
    protected abstract ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken);

    /// <summary>Describes the result for people.</summary>
    protected abstract string Tell(PipelineStatus status);
}

internal sealed class PipelinePauseCommand() : PipelineChangeCommand(
    "pause", "Pause a pipeline. It commits the records in flight, then reads nothing until it is resumed, even after restarts.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.PauseAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is paused, {NumberText.Of(status.Lag, "record")} behind. Continue: pipeline resume {status.Name}";
}

internal sealed class PipelineResumeCommand() : PipelineChangeCommand("resume", "Resume a paused pipeline where it stopped.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.ResumeAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is running, {NumberText.Of(status.Lag, "record")} behind.";
}

internal sealed class PipelineDrainCommand() : PipelineChangeCommand(
    "drain", "Process everything that a pipeline's topics hold now, stage after stage, then pause the pipeline. The command waits; after Ctrl-C the pipeline continues to drain.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.DrainAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is drained and paused. Continue: pipeline resume {status.Name}";
}
