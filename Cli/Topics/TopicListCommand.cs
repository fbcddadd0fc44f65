using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicListCommand() : PipelineCommand("list", "List the topics, with what they hold and their lag.")
{
    private const int AtOnce = 8;

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var topics = await DescribeAllAsync(context.Client.Admin, cancellationToken);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new TopicListJson([.. topics.Select(TopicJson.Of)]), CliJson.Default.TopicListJson);
        }
        else if (topics.Count == 0)
        {
            context.Output.Note("There are no topics. Create one: pipeline topic create NAME");
        }
        else
        {
            Show(context.Output, topics);
        }

        return ExitCode.Ok;
    }

    private static async Task<IReadOnlyList<TopicDetails>> DescribeAllAsync(PipelineAdmin admin, CancellationToken cancellationToken)
    {
        var topics = await admin.ListTopicsAsync(cancellationToken);
        var details = new TopicDetails?[topics.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, topics.Count, options, async (index, token) =>
        {
            try
            {
                details[index] = await admin.DescribeTopicAsync(topics[index].Topic, token);
            }
            catch (UnknownTopicException)
            {
                // The topic was deleted after it was listed.
            }
        });
        return [.. details.OfType<TopicDetails>()];
    }

    private static void Show(CommandOutput output, IReadOnlyList<TopicDetails> topics)
    {
        var table = TextTables.Of("TOPIC", ">PARTITIONS", ">RECORDS", ">SIZE", ">LAG", "RETENTION");
        foreach (var topic in topics)
        {
            var settings = topic.Description.Settings;
            table.AddRow(
                topic.Description.Topic.Value.EscapeMarkup(),
                NumberText.Count(settings.Partitions),
                NumberText.Count(topic.Records),
                SizeText.Format(topic.Bytes),
                NumberText.Count(topic.Lag),
                RetentionText.Format(settings.RetentionAge, settings.RetentionBytes));
        }

        output.Page.Write(table);
    }
}
