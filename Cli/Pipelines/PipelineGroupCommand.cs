using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Pipelines;

internal sealed class PipelineGroupCommand : Command
{
    public PipelineGroupCommand()
        : base("pipeline", "Show, pause, resume, move, drain and forget pipelines.")
    {
        foreach (var command in Commands())
        {
            Add(command);
        }
    }

    /// <summary>
    /// The commands. The tool itself is called <c>pipeline</c>, so its root has them too: <c>pipeline pause orders</c> is
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
        new PipelineForgetCommand(),
    ];
}
