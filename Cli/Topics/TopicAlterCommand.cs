using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicAlterCommand : PipelineCommand
{
    private readonly Argument<string> _topic = TopicArgument.Create();
    private readonly Option<RetentionText?> _retention = RetentionText.Option();
    private readonly Option<bool?> _discardUnread = new("--discard-unread")
    {
        HelpName = "true|false",
        Description = "Whether retention may remove records that a pipeline has not committed yet.",
        CustomParser = static result =>
        {
            if (bool.TryParse(result.Tokens[^1].Value, out var discards))
            {
                return discards;
            }

            result.AddError($"'{result.Tokens[^1].Value}' is neither true nor false.");
            return null;
        },
    };

    private readonly Option<long?> _lagLimit = new("--lag-limit")
    {
        HelpName = "RECORDS",
        Description = "The lag, such as 500k, above which producers are pushed back.",
        CustomParser = CountText.Parse,
    };

    public TopicAlterCommand()
        : base("alter", "Change a topic's retention or lag limit. Options that are not given keep their values.")
    {
        Add(_topic);
        Add(_retention);
        Add(_discardUnread);
        Add(_lagLimit);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var topic = new TopicName(context.Options.GetRequiredValue(_topic));
        var retention = context.Options.GetValue(_retention);
        var change = new TopicChange
        {
            RetentionAge = retention?.Age is { } age ? new(age.Value) : default,
            RetentionBytes = retention?.Bytes is { } bytes ? new(bytes.Value) : default,
            DiscardUnread = context.Options.GetValue(_discardUnread) is { } discard ? new(discard) : default,
            LagLimit = context.Options.GetValue(_lagLimit) is { } limit ? new(limit) : default,
        };
        if (change == new TopicChange())
        {
            throw new UsageException("No change is given. Give --retention, --discard-unread or --lag-limit; the number of partitions is fixed.");
        }

        await context.Client.Admin.UpdateTopicAsync(topic, change, cancellationToken);
        TopicPage.Write(context.Output, await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken));
        return ExitCode.Ok;
    }
}
