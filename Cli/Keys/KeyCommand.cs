using System.CommandLine;

namespace Orleans.Pipeline.Cli.Keys;

/// <summary>Everything about API keys.</summary>
internal sealed class KeyCommand : Command
{
    public KeyCommand()
        : base("key", "Make API keys.") => Add(new KeyCreateCommand());
}
