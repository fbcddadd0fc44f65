namespace Orleans.Pipeline.Gateway.Settings;

internal static class AuthenticationFaults
{
    private const string Section = $"{GatewaySettings.Section}:{nameof(GatewaySettings.Authentication)}";

    /// <summary>Returns each fault as a sentence that begins with its key.</summary>
    public static IEnumerable<string> Of(AuthenticationSettings settings)
    {
        var keys = Numbered(nameof(settings.ApiKeys), settings.ApiKeys);
        var certificates = Numbered(nameof(settings.Certificates), settings.Certificates);
        var callers = keys.Select(key => (key.Place, Caller: (CallerSettings)key.Caller))
            .Concat(certificates.Select(certificate => (certificate.Place, Caller: (CallerSettings)certificate.Caller))).ToList();
        var faults = callers.SelectMany(caller => CallerFaults.Of(caller.Place, caller.Caller))
            .Concat(keys.SelectMany(key => OfHash(key.Place, key.Caller)))
            .Concat(certificates.SelectMany(certificate => OfThumbprint(certificate.Place, certificate.Caller)))
            .Concat(Twice(nameof(CallerSettings.Name), callers.Select(caller => (caller.Place, caller.Caller.Name))))
            .Concat(Twice(nameof(ApiKeySettings.Hash), keys.Select(key => (key.Place, key.Caller.Hash))))
            .Concat(Twice(nameof(CertificateSettings.Thumbprint),
                certificates.Select(entry => (entry.Place, Thumbprints.Parse(entry.Caller.Thumbprint) ?? ""))))
            .Concat(settings.Jwt is null ? [] : JwtFaults.Of($"{Section}:{nameof(settings.Jwt)}", settings.Jwt));
        return settings.Anonymous && settings.IsOn
            ? faults.Append($"{Section}:{nameof(settings.Anonymous)} is true, which allows everyone everything, so the other callers have "
                + $"no effect. Remove it, or the callers.")
            : faults;
    }

    private static List<(string Place, T Caller)> Numbered<T>(string name, IEnumerable<T> callers) =>
        [.. callers.Select((caller, index) => ($"{Section}:{name}:{index}", caller))];

    private static IEnumerable<string> OfHash(string place, ApiKeySettings caller)
    {
        if (KeyHash.Parse(caller.Hash) is null)
        {
            yield return caller.Hash.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
                ? $"{place}:{nameof(caller.Hash)} is a key, not its hash. Create a new key, because this one has been written down, and "
                    + $"give its hash: {ApiKey.HashPrefix} and 32 bytes as base64."
                : $"{place}:{nameof(caller.Hash)} is no hash of a key. Give {ApiKey.HashPrefix} and 32 bytes as base64.";
        }
    }

    private static IEnumerable<string> OfThumbprint(string place, CertificateSettings caller)
    {
        if (Thumbprints.Parse(caller.Thumbprint) is null)
        {
            yield return $"{place}:{nameof(caller.Thumbprint)} is '{caller.Thumbprint}', which is no SHA-256 of a certificate. Give 64 "
                + $"hexadecimal digits, as 'openssl x509 -fingerprint -sha256' prints them.";
        }
    }

    private static IEnumerable<string> Twice(string setting, IEnumerable<(string Place, string Value)> given) => given
        .Where(entry => entry.Value.Length > 0)
        .GroupBy(entry => entry.Value, StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => $"{group.Last().Place}:{setting} is that of {group.First().Place} too. Give each caller its own.");
}
