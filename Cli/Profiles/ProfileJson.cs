using Orleans.Pipeline.Cli.Connections;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>A profile, as <c>--json</c> writes it.</summary>
internal sealed record ProfileJson
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is used when nothing else is said.</summary>
    public required bool InUse { get; init; }

    /// <summary>The addresses of its gateways.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>The file that holds the API key.</summary>
    public required string? ApiKeyFile { get; init; }

    /// <summary>The environment variable that holds the API key.</summary>
    public required string? ApiKeyVariable { get; init; }

    /// <summary>The file that holds a bearer token.</summary>
    public required string? TokenFile { get; init; }

    /// <summary>The environment variable that holds a bearer token.</summary>
    public required string? TokenVariable { get; init; }

    /// <summary>The file of certificates to trust.</summary>
    public required string? CaFile { get; init; }

    /// <summary>The file of the client's certificate.</summary>
    public required string? ClientCertificateFile { get; init; }

    /// <summary>The file of the client certificate's key.</summary>
    public required string? ClientKeyFile { get; init; }

    /// <summary>How long a request may go without an answer.</summary>
    public required string? Timeout { get; init; }

    public static ProfileJson Of(ProfileFile file, string name)
    {
        var profile = file.Find(name);
        return new()
        {
            Name = name,
            InUse = file.Current == name,
            Servers = profile.Servers,
            ApiKeyFile = profile.ApiKeyFile,
            ApiKeyVariable = profile.ApiKeyVariable,
            TokenFile = profile.TokenFile,
            TokenVariable = profile.TokenVariable,
            CaFile = profile.CaFile,
            ClientCertificateFile = profile.ClientCertificateFile,
            ClientKeyFile = profile.ClientKeyFile,
            Timeout = profile.Timeout,
        };
    }
}

/// <summary>Profiles, as <c>--json</c> writes them.</summary>
internal sealed record ProfileListJson(IReadOnlyList<ProfileJson> Profiles);

/// <summary>A profile that was removed, as <c>--json</c> writes it.</summary>
/// <param name="Removed">Its name.</param>
internal sealed record RemovedProfileJson(string Removed);
