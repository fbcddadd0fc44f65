using System.CommandLine;
using System.CommandLine.Parsing;
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

    /// <summary>Reads the topic's name that an option takes.</summary>
    public static string? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        try
        {
            return new TopicName(text).Value;
        }
        catch (InvalidTopicNameException invalid)
        {
            result.AddError(invalid.Message);
            return null;
        }
    }
}
