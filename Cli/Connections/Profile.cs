namespace Orleans.Pipeline.Cli.Connections;

/// <summary>
/// How one cluster is reached. It names the files and variables that hold secrets, never a secret, so the file of profiles may be
/// read, copied and shown.
/// </summary>
/// <param name="Servers">The addresses of its gateways.</param>
internal sealed record Profile(IReadOnlyList<string> Servers)
{
    /// <summary>The file that holds the API key.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>The environment variable that holds the API key.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>The file that holds a bearer token; it is read anew for each request that needs one.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The environment variable that holds a bearer token.</summary>
    public string? TokenVariable { get; init; }

    /// <summary>The file of certificates (PEM) to trust instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The file of the client's certificate (PEM), with its key unless that has a file of its own.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>The file of the client certificate's key (PEM).</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>How long a request may go without an answer, such as <c>30s</c>.</summary>
    public string? Timeout { get; init; }
}
