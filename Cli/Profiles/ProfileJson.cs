using Orleans.Pipeline.Cli.Connections;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>A profile, as <c>--json</c> writes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InUse">Whether it is used when nothing else is said.</param>
/// <param name="Servers">The addresses of its gateways.</param>
/// <param name="ApiKeyFile">The file that holds the API key.</param>
/// <param name="ApiKeyVariable">The environment variable that holds the API key.</param>
/// <param name="TokenFile">The file that holds a bearer token.</param>
/// <param name="TokenVariable">The environment variable that holds a bearer token.</param>
/// <param name="CaFile">The file of certificates to trust.</param>
/// <param name="ClientCertificateFile">The file of the client's certificate.</param>
/// <param name="ClientKeyFile">The file of the client certificate's key.</param>
/// <param name="Timeout">How long a request may go without an answer.</param>
internal sealed record ProfileJson(
    string Name,
    bool InUse,
    IReadOnlyList<string> Servers,
    string? ApiKeyFile,
    string? ApiKeyVariable,
    string? TokenFile,
    string? TokenVariable,
    string? CaFile,
    string? ClientCertificateFile,
    string? ClientKeyFile,
    string? Timeout)
{
    public static ProfileJson Of(ProfileFile file, string name)
    {
        var profile = file.Find(name);
        return new(
            name,
            file.Current == name,
            profile.Servers,
            profile.ApiKeyFile,
            profile.ApiKeyVariable,
            profile.TokenFile,
            profile.TokenVariable,
            profile.CaFile,
            profile.ClientCertificateFile,
            profile.ClientKeyFile,
            profile.Timeout);
    }
}

/// <summary>Profiles, as <c>--json</c> writes them.</summary>
internal sealed record ProfileListJson(IReadOnlyList<ProfileJson> Profiles);

/// <summary>A profile that was removed, as <c>--json</c> writes it.</summary>
/// <param name="Removed">Its name.</param>
internal sealed record RemovedProfileJson(string Removed);
