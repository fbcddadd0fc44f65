using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicDescribeCommand : PipelineCommand
{
    private readonly Argument<string> _topic = TopicArgument.Create();

    public TopicDescribeCommand()
        : base("describe", "Show a topic: its settings, its lag, and what each partition holds.") => Add(_topic);

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var topic = context.Options.GetRequiredValue(_topic);
        TopicPage.Write(context.Output, await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken));
        return ExitCode.Ok;
    }
}
