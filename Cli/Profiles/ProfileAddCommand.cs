using System.CommandLine;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;

namespace Orleans.Pipeline.Cli.Profiles;

internal sealed class ProfileAddCommand : PipelineCommand
{
    private readonly Argument<string> _name = new("name") { HelpName = "NAME", Description = "The profile's name." };
    private readonly Option<string?> _apiKeyFile = FileOption(
        "--api-key-file", "The file that holds the API key; only its owner may read it.");
    private readonly Option<string?> _apiKeyVariable = VariableOption(
        "--api-key-variable", "The environment variable that holds the API key.");
    private readonly Option<string?> _tokenFile = FileOption(
        "--token-file", "The file that holds a bearer token, read again for each request.");
    private readonly Option<string?> _tokenVariable = VariableOption(
        "--token-variable", "The environment variable that holds a bearer token.");
    private readonly Option<string?> _caFile = FileOption("--ca-file", "Certificates (PEM) to trust instead of the machine's.");
    private readonly Option<string?> _clientCertificateFile = FileOption("--client-certificate-file", "The client's certificate (PEM).");
    private readonly Option<string?> _clientKeyFile = FileOption(
        "--client-key-file", "The key (PEM) of the client's certificate, if it has a file of its own.");

    public ProfileAddCommand()
        : base("add", "Add or replace a profile with the servers given by --server. A profile holds no secrets, only their locations.")
    {
        Add(_name);
        Add(_apiKeyFile);
        Add(_apiKeyVariable);
        Add(_tokenFile);
        Add(_tokenVariable);
        Add(_caFile);
        Add(_clientCertificateFile);
        Add(_clientKeyFile);
    }

    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var name = options.GetRequiredValue(_name);
        var profile =
            new Profile([.. (options.GetValue(GlobalOptions.Server) ?? []).Select(server => Connection.AddressOf(server, "--server").ToString())])
            {
                ApiKeyFile = PathOf(options, _apiKeyFile),
                ApiKeyVariable = options.GetValue(_apiKeyVariable),
                TokenFile = PathOf(options, _tokenFile),
                TokenVariable = options.GetValue(_tokenVariable),
                CaFile = PathOf(options, _caFile),
                ClientCertificateFile = PathOf(options, _clientCertificateFile),
                ClientKeyFile = PathOf(options, _clientKeyFile),
                Timeout = options.GetValue(GlobalOptions.Timeout) is { } timeout ? DurationText.Format(timeout) : null,
            };
        if (profile.Servers.Count == 0)
        {
            throw new UsageException($"A profile needs the address of a server: pipeline profile add {name} --server http://localhost:5080");
        }

        var file = ProfileFile.Read().With(name, profile);
        file.Write();
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(ProfileJson.Of(file, name), CliJson.Default.ProfileJson);
        }
        else
        {
            context.Output.Note(file.Current == name ? $"Added profile '{name}'; it is in use." : $"Added profile '{name}'. Use it: pipeline profile use {name}");
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static Option<string?> FileOption(string name, string description) =>
        new(name) { HelpName = "PATH", Description = description, CustomParser = GivenText.Parse };

    private static Option<string?> VariableOption(string name, string description) =>
        new(name) { HelpName = "NAME", Description = description, CustomParser = GivenText.Parse };

    /// <summary>Returns an absolute path, because the profile is used from any directory.</summary>
    private static string? PathOf(ParseResult options, Option<string?> option) =>
        options.GetValue(option) is { } path ? Path.GetFullPath(SecretFile.Expand(path)) : null;
}
