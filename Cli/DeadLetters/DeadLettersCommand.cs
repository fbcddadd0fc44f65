using System.CommandLine;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Everything about dead letters.</summary>
internal sealed class DeadLettersCommand : Command
{
    public DeadLettersCommand()
        : base("dead-letters", "Look at the records that a pipeline gave up, replay or discard them.")
    {
        Add(new DeadLetterListCommand());
        Add(new DeadLetterErrorsCommand());
        Add(new DeadLetterShowCommand());
        Add(new DeadLetterReplayCommand());
        Add(new DeadLetterDiscardCommand());
    }
}
