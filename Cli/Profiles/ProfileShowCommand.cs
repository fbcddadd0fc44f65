using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>Shows what a command would use now, and who said so.</summary>
internal sealed class ProfileShowCommand() : PipelineCommand(
    "show", "Show what a command run here would use: the servers and credentials of the options, the environment and the profile.")
{
    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        var shown = new ConnectionJson(
            [.. connection.Servers.Select(server => server.ToString())],
            connection.Source,
            connection.ProfileName,
            connection.Credentials?.ToString(),
            connection.CaFile,
            connection.ClientCertificateFile,
            DurationText.Format(connection.Timeout ?? new PipelineClientSettings().RequestTimeout));
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(shown, CliJson.Default.ConnectionJson);
            return Task.FromResult(ExitCode.Ok);
        }

        context.Output.Page.Write(TextTables.Pairs()
            .Pair("Servers", string.Join(", ", shown.Servers))
            .Pair("Said by", shown.Source)
            .Pair("Profile", shown.Profile ?? "none")
            .Pair("Credentials", shown.Credentials ?? "none")
            .Pair("Trusts", shown.CaFile ?? "the certificates of this machine")
            .Pair("Certificate", shown.ClientCertificateFile ?? "none")
            .Pair("Timeout", shown.Timeout));
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary>How the server is reached, as <c>--json</c> writes it; secrets are named by where they are.</summary>
/// <param name="Servers">The addresses.</param>
/// <param name="Source">Who named them.</param>
/// <param name="Profile">The profile used; null for none.</param>
/// <param name="Credentials">What and where the credentials are; null for none.</param>
/// <param name="CaFile">The certificates trusted; null for the machine's.</param>
/// <param name="ClientCertificateFile">The client's certificate; null for none.</param>
/// <param name="Timeout">How long a request may go without an answer.</param>
internal sealed record ConnectionJson(
    IReadOnlyList<string> Servers, string Source, string? Profile, string? Credentials, string? CaFile, string? ClientCertificateFile, string Timeout);
