using System.CommandLine;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Profiles;

internal sealed class ProfileRemoveCommand : PipelineCommand
{
    private readonly Argument<string> _name = ProfileArgument.Create();

    public ProfileRemoveCommand()
        : base("remove", "Remove a profile. The files that it names stay.") => Add(_name);

    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.GetRequiredValue(_name);
        ProfileFile.Read().Without(name).Write();
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new RemovedProfileJson(name), CliJson.Default.RemovedProfileJson);
        }
        else
        {
            context.Output.Note($"Removed profile '{name}'.");
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
