namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>Finds faults in the settings of tokens: those that would refuse every token, or accept any.</summary>
internal static class JwtFaults
{
    /// <summary>Returns each fault as a sentence that begins with its key.</summary>
    public static IEnumerable<string> Of(string place, JwtSettings jwt)
    {
        var parameters = jwt.TokenValidationParameters;
        var isFetched = !string.IsNullOrEmpty(jwt.Authority) || !string.IsNullOrEmpty(jwt.MetadataAddress)
            || jwt.Configuration is not null || jwt.ConfigurationManager is not null;
        var isGiven = jwt.SigningKeys.Count > 0 || parameters.IssuerSigningKey is not null || parameters.IssuerSigningKeys is not null;
        if (!isFetched && !isGiven)
        {
            yield return $"{place} names no issuer whose tokens are accepted. Give {nameof(jwt.Authority)}, {nameof(jwt.MetadataAddress)} "
                + $"or {nameof(jwt.SigningKeys)}.";
        }

        if (!isFetched && parameters.ValidateIssuer && string.IsNullOrEmpty(parameters.ValidIssuer) && parameters.ValidIssuers is null)
        {
            yield return $"{place}:{nameof(jwt.TokenValidationParameters)}:{nameof(parameters.ValidIssuer)} is missing. Give the value of "
                + $"'iss' in the tokens.";
        }

        if (parameters.ValidateAudience && string.IsNullOrEmpty(jwt.Audience) && string.IsNullOrEmpty(parameters.ValidAudience)
            && parameters.ValidAudiences is null)
        {
            yield return $"{place}:{nameof(jwt.Audience)} is missing. Give the value of 'aud' in tokens for this gateway, so that tokens "
                + $"for others are not accepted.";
        }

        foreach (var (key, address) in new[] { (nameof(jwt.Authority), jwt.Authority), (nameof(jwt.MetadataAddress), jwt.MetadataAddress) })
        {
            if (!string.IsNullOrEmpty(address) && !IsTrusted(address, jwt.RequireHttpsMetadata))
            {
                yield return $"{place}:{key} is '{address}'. Give an https "
                    + $"address{(jwt.RequireHttpsMetadata ? $", or set {nameof(jwt.RequireHttpsMetadata)} to false for a test" : "")}.";
            }
        }

        foreach (var fault in jwt.SigningKeys.SelectMany((key, index) => OfKey($"{place}:{nameof(jwt.SigningKeys)}:{index}", key)))
        {
            yield return fault;
        }
    }

    private static bool IsTrusted(string address, bool requiresHttps) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && !requiresHttps));

    private static IEnumerable<string> OfKey(string place, SigningKeySettings key)
    {
        var fault = "";
        try
        {
            SigningKeys.Read(key);
        }
        catch (FormatException unfit)
        {
            fault = unfit.Message;
        }

        return fault.Length == 0 ? [] : [$"{place} {fault}"];
    }
}
