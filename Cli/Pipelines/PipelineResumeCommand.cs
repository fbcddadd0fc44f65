using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Lets a pipeline go on.</summary>
internal sealed class PipelineResumeCommand() : PipelineChangeCommand("resume", "Let a paused pipeline go on from where it had come to.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.ResumeAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) => $"Pipeline '{status.Name}' goes on, {NumberText.Of(status.Lag, "record")} behind.";
}
