using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Completion;

/// <summary>Writes the scripts by which a shell completes command lines.</summary>
internal sealed class CompletionCommand : Command
{
    public CompletionCommand()
        : base("completion", "Write a script that lets your shell complete commands, options, topics and pipelines.")
    {
        Add(new ScriptCommand("bash", "For bash: add `source <(pipeline completion bash)` to ~/.bashrc.", "bash.sh"));
        Add(new ScriptCommand("zsh", "For zsh: add `source <(pipeline completion zsh)` to ~/.zshrc, after compinit.", "zsh.sh"));
    }

    private sealed class ScriptCommand(string shell, string description, string script) : PipelineCommand(shell, description)
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
        {
            await using var text = typeof(CompletionCommand).Assembly.GetManifestResourceStream(script)!;
            await text.CopyToAsync(context.Output.Data, cancellationToken);
            return ExitCode.Ok;
        }
    }
}
