using System.CommandLine;

namespace Orleans.Pipeline.Cli.DeadLetters;

internal sealed class DeadLettersCommand : Command
{
    public DeadLettersCommand()
        : base("dead-letters", "Show, replay or discard the records that a pipeline gave up.")
    {
        Add(new DeadLetterListCommand());
        Add(new DeadLetterErrorsCommand());
        Add(new DeadLetterShowCommand());
        Add(new DeadLetterReplayCommand());
        Add(new DeadLetterDiscardCommand());
    }
}
