using System.CommandLine;

namespace Orleans.Pipeline.Cli.Profiles;

internal sealed class ProfileCommand : Command
{
    public ProfileCommand()
        : base("profile", "Manage named connections to several clusters.")
    {
        Add(new ProfileAddCommand());
        Add(new ProfileListCommand());
        Add(new ProfileUseCommand());
        Add(new ProfileShowCommand());
        Add(new ProfileRemoveCommand());
    }
}
