using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>Shows the connection that a command would use now, and its source.</summary>
internal sealed class ProfileShowCommand() : PipelineCommand(
    "show", "Show the servers and credentials that a command would use here, from options, environment and profile.")
{
    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        var shown = new ConnectionJson
        {
            Servers = [.. connection.Servers.Select(server => server.ToString())],
            Source = connection.Source,
            Profile = connection.ProfileName,
            Credentials = connection.Credentials?.ToString(),
            CaFile = connection.CaFile,
            ClientCertificateFile = connection.ClientCertificateFile,
            Timeout = DurationText.Format(connection.Timeout ?? new PipelineClientSettings().RequestTimeout),
        };
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(shown, CliJson.Default.ConnectionJson);
            return Task.FromResult(ExitCode.Ok);
        }

        context.Output.Page.Write(TextTables.Pairs()
            .Pair("Servers", string.Join(", ", shown.Servers))
            .Pair("Source", shown.Source)
            .Pair("Profile", shown.Profile ?? "none")
            .Pair("Credentials", shown.Credentials ?? "none")
            .Pair("Trusts", shown.CaFile ?? "the certificates of this machine")
            .Pair("Certificate", shown.ClientCertificateFile ?? "none")
            .Pair("Timeout", shown.Timeout));
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary>The connection, as <c>--json</c> writes it. Secrets appear as their places only.</summary>
internal sealed record ConnectionJson
{
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>The source of the addresses.</summary>
    public required string Source { get; init; }

    public required string? Profile { get; init; }

    /// <summary>The kind and the place of the credentials; null for none.</summary>
    public required string? Credentials { get; init; }

    /// <summary>The certificates trusted; null for the machine's.</summary>
    public required string? CaFile { get; init; }

    public required string? ClientCertificateFile { get; init; }

    public required string Timeout { get; init; }
}
