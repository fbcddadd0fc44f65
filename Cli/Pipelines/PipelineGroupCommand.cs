using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Pipelines;

/// <summary>Everything about pipelines.</summary>
internal sealed class PipelineGroupCommand : Command
{
    public PipelineGroupCommand()
        : base("pipeline", "Show, pause, resume, move and drain pipelines.")
    {
        foreach (var command in Commands())
        {
            Add(command);
        }
    }

    /// <summary>
    /// The commands. The tool is called <c>pipeline</c> itself, so they stand at its root too: <c>pipeline pause orders</c> is
    /// <c>pipeline pipeline pause orders</c>.
    /// </summary>
    public static IReadOnlyList<PipelineCommand> Commands() =>
    [
        new PipelineListCommand(),
        new PipelineDescribeCommand(),
        new PipelinePauseCommand(),
        new PipelineResumeCommand(),
        new PipelineSeekCommand(),
        new PipelineDrainCommand(),
    ];
}
