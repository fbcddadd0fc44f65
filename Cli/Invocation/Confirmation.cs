using System.CommandLine;
using Orleans.Pipeline.Cli.Usage;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>Asks for confirmation before an irreversible action.</summary>
internal static class Confirmation
{
    public static Option<bool> YesOption() => new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <summary>Asks on a terminal. Elsewhere <c>--yes</c> is required.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="isGiven">Whether <c>--yes</c> was given.</param>
    /// <param name="consequence">A sentence that describes the effect.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="UsageException">The answer was no, or there is no terminal to ask on.</exception>
    public static async Task AskAsync(CommandContext context, bool isGiven, string consequence, CancellationToken cancellationToken)
    {
        if (isGiven)
        {
            return;
        }

        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new UsageException($"{consequence} Give --yes to confirm; there is no terminal to ask on.");
        }

        var prompt = new ConfirmationPrompt($"{consequence.EscapeMarkup()} Continue?") { DefaultValue = false };
        if (!await prompt.ShowAsync(context.Output.Notes, cancellationToken))
        {
            throw new UsageException("Nothing was done.");
        }
    }
}
