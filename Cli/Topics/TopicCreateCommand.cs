using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicCreateCommand : PipelineCommand
{
    private static readonly TopicSettings Defaults = new();

    private readonly Argument<string> _topic =
        new("topic") { HelpName = "TOPIC", Description = "The topic's name: lower-case letters, digits, '.', '_' and '-'." };
    private readonly Option<int> _partitions = new("--partitions", "-p")
    {
        HelpName = "NUMBER",
        Description = $"The number of partitions, 1 to {TopicSettings.MaximumPartitions}; it cannot change later.",
        DefaultValueFactory = static _ => Defaults.Partitions,
        CustomParser = new NumberRange(1, TopicSettings.MaximumPartitions).Parse,
    };

    private readonly Option<RetentionText?> _retention = RetentionText.Option();
    private readonly Option<bool> _discardUnread =
        new("--discard-unread") { Description = "Let retention also remove records that a pipeline has not committed yet." };
    private readonly Option<long?> _lagLimit = new("--lag-limit")
    {
        HelpName = "RECORDS",
        Description = $"The lag, such as 500k, above which producers are pushed back. Default {Defaults.LagLimit / 1_000_000}M.",
        CustomParser = CountText.Parse,
    };

    public TopicCreateCommand()
        : base("create", "Create a topic. An existing topic with the same number of partitions stays as it is.")
    {
        _retention.Description += $" Default {RetentionText.Format(Defaults.RetentionAge, Defaults.RetentionBytes)}.";
        Add(_topic);
        Add(_partitions);
        Add(_retention);
        Add(_discardUnread);
        Add(_lagLimit);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var topic = new TopicName(context.Options.GetRequiredValue(_topic));
        var retention = context.Options.GetValue(_retention);
        var settings = new TopicSettings
        {
            Partitions = context.Options.GetValue(_partitions),
            RetentionAge = retention?.Age is { } age ? age.Value : Defaults.RetentionAge,
            RetentionBytes = retention?.Bytes is { } bytes ? bytes.Value : Defaults.RetentionBytes,
            DiscardUnread = context.Options.GetValue(_discardUnread),
            LagLimit = context.Options.GetValue(_lagLimit) ?? Defaults.LagLimit,
        };
        settings.Validate(topic);
        var created = await context.Client.Admin.CreateTopicAsync(topic, settings, cancellationToken);
        if (created.Settings != settings)
        {
            context.Output.Warn($"Topic '{topic}' existed already and keeps its settings. Change them: pipeline topic alter {topic} --help");
        }

        TopicPage.Write(context.Output, await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken));
        return ExitCode.Ok;
    }
}
