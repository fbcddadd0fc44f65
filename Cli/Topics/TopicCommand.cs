using System.CommandLine;

namespace Orleans.Pipeline.Cli.Topics;

internal sealed class TopicCommand : Command
{
    public TopicCommand()
        : base("topic", "Create, show, change, read and delete topics.")
    {
        Add(new TopicListCommand());
        Add(new TopicDescribeCommand());
        Add(new TopicCreateCommand());
        Add(new TopicAlterCommand());
        Add(new TopicDeleteCommand());
        Add(new TopicReadCommand());
        Add(new TopicTailCommand());
    }
}
