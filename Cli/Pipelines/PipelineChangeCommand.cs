using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
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
    protected abstract ValueTask<PipelineStatus> ChangeAsync(CommandContext context, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken);

    /// <summary>Says what came of it.</summary>
    protected abstract string Tell(PipelineStatus status);
}
