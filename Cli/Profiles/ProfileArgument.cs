using System.CommandLine;
using Orleans.Pipeline.Cli.Completion;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>The argument that names a profile; the shell completes it.</summary>
internal static class ProfileArgument
{
    public static Argument<string> Create()
    {
        var argument = new Argument<string>("name") { HelpName = "NAME", Description = "The profile's name." };
        argument.CompletionSources.Add(ServerNames.Profiles);
        return argument;
    }
}
