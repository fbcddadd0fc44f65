using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Pipelines;

internal sealed class PipelineDescribeCommand : PipelineCommand
{
    private readonly Argument<string> _pipeline = PipelineArgument.Create();

    public PipelineDescribeCommand()
        : base("describe", "Show a pipeline: its stages, and how each partition is doing.") => Add(_pipeline);

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        PipelinePage.Write(
            context.Output,
            await context.Client.Admin.DescribePipelineAsync(context.Options.GetRequiredValue(_pipeline), cancellationToken));
        return ExitCode.Ok;
    }
}
