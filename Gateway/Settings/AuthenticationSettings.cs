namespace Orleans.Pipeline.Gateway;

/// <summary>The callers of the gateway, and the permissions of each.</summary>
public sealed class AuthenticationSettings
{
    /// <summary>The callers with an API key. They may change while the host runs. Default none.</summary>
    public IList<ApiKeySettings> ApiKeys { get; set; } = [];

    /// <summary>The settings of JSON web tokens; null accepts no tokens. Read when the host starts. Default null.</summary>
    public JwtSettings? Jwt { get; set; }

    /// <summary>
    /// The callers with a client certificate. They may change while the host runs, except for the first, which makes TLS ask for
    /// certificates. Default none.
    /// </summary>
    public IList<CertificateSettings> Certificates { get; set; } = [];

    /// <summary>
    /// Whether the gateway is open to everyone who can reach it, on addresses other than loopback too. Default false: without
    /// authentication the host does not start on such an address.
    /// </summary>
    public bool Anonymous { get; set; }

    internal bool IsOn => ApiKeys.Count > 0 || Certificates.Count > 0 || Jwt is not null;
}
