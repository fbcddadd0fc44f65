using System.CommandLine;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>Base of the commands. Runs a command and converts every outcome to an exit code.</summary>
internal abstract class PipelineCommand : Command
{
    protected PipelineCommand(string name, string description)
        : base(name, description) => SetAction((options, _) => ExecuteAsync(options));

    /// <summary>Runs the command.</summary>
    /// <param name="context">The options, the output and the server.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl-C and similar signals.</param>
    protected abstract Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken);

    private async Task<int> ExecuteAsync(ParseResult options)
    {
        using var interrupts = new Interrupts();
        await using var context = new CommandContext(options);
        try
        {
            var exitCode = await RunAsync(context, interrupts.Token);
            context.Output.Flush();
            return (int)exitCode;
        }
        catch (OutputClosedException)
        {
            return (int)ExitCode.Ok;
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return (int)interrupts.ExitCode;
        }
        catch (Exception error)
        {
            return (int)await Report.WriteAsync(error, context);
        }
    }
}
