namespace Orleans.Pipeline.Gateway;

/// <summary>By what the gateway knows its callers, and what each may do.</summary>
public sealed class AuthenticationSettings
{
    /// <summary>The callers that are known by an API key; they may change while the host runs. Default none.</summary>
    public IList<ApiKeySettings> ApiKeys { get; set; } = [];

    /// <summary>Whose tokens are accepted; null for nobody's. Read when the host starts. Default null.</summary>
    public JwtSettings? Jwt { get; set; }

    /// <summary>
    /// The callers that are known by the certificate with which they opened a TLS connection; they may change while the host runs, but for
    /// the first, which makes TLS ask for certificates. Default none.
    /// </summary>
    public IList<CertificateSettings> Certificates { get; set; } = [];

    /// <summary>
    /// Says that the gateway is meant to be open to whoever reaches it, on other addresses than loopback too. Default false: without
    /// authentication the host does not start on such an address.
    /// </summary>
    public bool Anonymous { get; set; }

    /// <summary>Whether callers must say who they are.</summary>
    internal bool IsOn => ApiKeys.Count > 0 || Certificates.Count > 0 || Jwt is not null;
}
