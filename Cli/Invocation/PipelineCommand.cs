using System.CommandLine;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>A command that does something: runs it, and turns every way in which it can end into an exit code.</summary>
internal abstract class PipelineCommand : Command
{
    /// <summary>Defines it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    protected PipelineCommand(string name, string description)
        : base(name, description) => SetAction((options, _) => ExecuteAsync(options));

    /// <summary>Does it.</summary>
    /// <param name="context">What was asked, and where to write.</param>
    /// <param name="cancellationToken">Ctrl-C and its kin.</param>
    /// <returns>How it ended.</returns>
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
