using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Access;

internal sealed record KnownCallers(
    bool AreAsked, bool MayBeAnyone, IReadOnlyList<(byte[] Hash, Caller Caller)> ByKey, IReadOnlyDictionary<string, Caller> ByThumbprint)
{
    public static KnownCallers Of(AuthenticationSettings settings, bool wereAsked) => new(
        wereAsked || settings.IsOn,
        settings.Anonymous,
        [.. settings.ApiKeys.Select(key => (KeyHash.Parse(key.Hash)!, Of(key)))],
        settings.Certificates.ToDictionary(certificate => Thumbprints.Parse(certificate.Thumbprint)!, Of));

    private static Caller Of(CallerSettings settings) => new(
        settings.Name,
        ScopeNames.Parse(settings.Scopes),
        settings.Topics is null ? Caller.AllNames : [.. settings.Topics],
        settings.Pipelines is null ? Caller.AllNames : [.. settings.Pipelines]);
}
