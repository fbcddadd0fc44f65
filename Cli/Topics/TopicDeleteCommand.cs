using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicDeleteCommand : PipelineCommand
{
    private readonly Argument<string> _topic = TopicArgument.Create();
    private readonly Option<bool> _yes = Confirmation.YesOption();

    public TopicDeleteCommand()
        : base("delete", "Delete a topic and its records. A topic that a pipeline reads or writes is refused.")
    {
        Add(_topic);
        Add(_yes);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var topic = new TopicName(context.Options.GetRequiredValue(_topic));
        var details = await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken);
        await Confirmation.AskAsync(
            context,
            context.Options.GetValue(_yes),
            $"This deletes topic '{topic}' with {NumberText.Of(details.Records, "record")}, for ever.",
            cancellationToken);
        await context.Client.Admin.DeleteTopicAsync(topic, cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new DeletedTopicJson(topic, details.Records), CliJson.Default.DeletedTopicJson);
        }
        else
        {
            context.Output.Note($"Deleted topic '{topic}' with {NumberText.Of(details.Records, "record")}.");
        }

        return ExitCode.Ok;
    }
}

/// <summary>A deleted topic, as <c>--json</c> writes it.</summary>
/// <param name="Deleted">The name of the topic.</param>
/// <param name="Records">The number of records that it kept.</param>
internal sealed record DeletedTopicJson(TopicName Deleted, long Records);
