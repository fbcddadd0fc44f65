using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>A command that changes what a pipeline does, and tells how it is doing then.</summary>
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

    /// <summary>Changes it.</summary>
    /// <param name="context">What was asked.</param>
    /// <param name="admin">The server.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>How it is doing then.</returns>
    protected abstract ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken);

    /// <summary>Says what came of it.</summary>
    protected abstract string Tell(PipelineStatus status);
}

/// <summary>Pauses a pipeline.</summary>
internal sealed class PipelinePauseCommand() : PipelineChangeCommand(
    "pause", "Pause a pipeline. It commits the records in flight, then reads nothing until it is resumed, even after restarts.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.PauseAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is paused, {NumberText.Of(status.Lag, "record")} behind. Continue: pipeline resume {status.Name}";
}

/// <summary>Lets a pipeline go on.</summary>
internal sealed class PipelineResumeCommand() : PipelineChangeCommand("resume", "Resume a paused pipeline where it stopped.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.ResumeAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is running, {NumberText.Of(status.Lag, "record")} behind.";
}

/// <summary>Drains a pipeline.</summary>
internal sealed class PipelineDrainCommand() : PipelineChangeCommand(
    "drain", "Process everything that a pipeline's topics hold now, stage after stage, then pause the pipeline. The command waits; after Ctrl-C the pipeline continues to drain.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(
        CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.DrainAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is drained and paused. Continue: pipeline resume {status.Name}";
}
