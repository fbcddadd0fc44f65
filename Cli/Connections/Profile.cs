namespace Orleans.Pipeline.Cli.Connections;

/// <summary>
/// The connection to one cluster. A profile names the files and variables that hold secrets, never a secret, so its file may be read,
/// copied and shown.
/// </summary>
/// <param name="Servers">The addresses of its gateways.</param>
internal sealed record Profile(IReadOnlyList<string> Servers)
{
    public string? ApiKeyFile { get; init; }

    public string? ApiKeyVariable { get; init; }

    /// <summary>The file that holds a bearer token. Each request reads it again.</summary>
    public string? TokenFile { get; init; }

    public string? TokenVariable { get; init; }

    /// <summary>The file of certificates (PEM) to trust instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The file of the client's certificate (PEM), with its key unless <see cref="ClientKeyFile"/> names one.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>The file of the client certificate's key (PEM).</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>How long a request may go without an answer, such as <c>30s</c>.</summary>
    public string? Timeout { get; init; }
}
