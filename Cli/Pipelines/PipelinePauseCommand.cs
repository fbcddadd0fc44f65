using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Pauses a pipeline.</summary>
internal sealed class PipelinePauseCommand() : PipelineChangeCommand(
    "pause", "Pause a pipeline: what is in flight is committed, then it takes in nothing until it is resumed, over restarts too.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.PauseAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) =>
        $"Pipeline '{status.Name}' is paused, {NumberText.Of(status.Lag, "record")} behind. Go on: pipeline resume {status.Name}";
}
