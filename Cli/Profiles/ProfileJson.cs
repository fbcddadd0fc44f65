using Orleans.Pipeline.Cli.Connections;

namespace Orleans.Pipeline.Cli.Profiles;

/// <summary>A <see cref="Profile"/>, as <c>--json</c> writes it.</summary>
internal sealed record ProfileJson
{
    public required string Name { get; init; }

    /// <summary>Whether commands use the profile by default.</summary>
    public required bool InUse { get; init; }

    public required IReadOnlyList<string> Servers { get; init; }

    public required string? ApiKeyFile { get; init; }

    public required string? ApiKeyVariable { get; init; }

    public required string? TokenFile { get; init; }

    public required string? TokenVariable { get; init; }

    public required string? CaFile { get; init; }

    public required string? ClientCertificateFile { get; init; }

    public required string? ClientKeyFile { get; init; }

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

/// <summary>The name of a removed profile, as <c>--json</c> writes it.</summary>
internal sealed record RemovedProfileJson(string Removed);
