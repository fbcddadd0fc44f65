using System.CommandLine;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Invocation;

namespace Orleans.Pipeline.Cli.Profiles;

internal sealed class ProfileUseCommand : PipelineCommand
{
    private readonly Argument<string> _name = ProfileArgument.Create();

    public ProfileUseCommand()
        : base("use", "Use a profile by default.") => Add(_name);

    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.GetRequiredValue(_name);
        var file = ProfileFile.Read().Using(name);
        file.Write();
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(ProfileJson.Of(file, name), CliJson.Default.ProfileJson);
        }
        else
        {
            context.Output.Note($"Profile '{name}' is in use.");
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
