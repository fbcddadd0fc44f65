using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Drains a pipeline.</summary>
internal sealed class PipelineDrainCommand() : PipelineChangeCommand(
    "drain", "Let a pipeline process all that its topics hold now, stage after stage, then pause it. Waits for it; it goes on draining after Ctrl-C.")
{
    protected override ValueTask<PipelineStatus> ChangeAsync(CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) =>
        admin.DrainAsync(pipeline, cancellationToken);

    protected override string Tell(PipelineStatus status) => $"Pipeline '{status.Name}' is drained and paused. Go on: pipeline resume {status.Name}";
}
