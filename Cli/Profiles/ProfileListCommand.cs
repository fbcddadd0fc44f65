using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Profiles;

internal sealed class ProfileListCommand() : PipelineCommand("list", "List the profiles; the one in use has a star.")
{
    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var file = ProfileFile.Read();
        var profiles = file.Profiles.Keys.Select(name => ProfileJson.Of(file, name)).ToList();
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new ProfileListJson(profiles), CliJson.Default.ProfileListJson);
        }
        else if (profiles.Count == 0)
        {
            context.Output.Note("There are no profiles. Add one: pipeline profile add NAME --server URL");
        }
        else
        {
            var table = TextTables.Of("PROFILE", "SERVERS", "CREDENTIALS");
            foreach (var (name, profile) in file.Profiles)
            {
                table.AddRow(
                    $"{(name == file.Current ? "*" : " ")} {name}".EscapeMarkup(),
                    string.Join(", ", profile.Servers).EscapeMarkup(),
                    (Credentials.OfProfile(profile)?.ToString() ?? "none").EscapeMarkup());
            }

            context.Output.Page.Write(table);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
