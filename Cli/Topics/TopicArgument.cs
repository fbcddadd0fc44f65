using System.CommandLine;
using Orleans.Pipeline.Cli.Completion;

namespace Orleans.Pipeline.Cli.Topics;

/// <summary>The argument that names a topic; the shell completes it with the topics of the server.</summary>
internal static class TopicArgument
{
    public static Argument<string> Create(string description = "The topic's name.")
    {
        var argument = new Argument<string>("topic") { HelpName = "TOPIC", Description = description };
        argument.CompletionSources.Add(ServerNames.Topics);
        return argument;
    }
}
