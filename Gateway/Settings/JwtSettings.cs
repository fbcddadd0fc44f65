using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Orleans.Pipeline.Gateway;

/// <summary>
/// The settings of JSON web tokens in <c>Authorization: Bearer …</c>: every setting of <see cref="JwtBearerOptions"/>, such as
/// <c>Authority</c> and <c>Audience</c>, and keys that are configured rather than fetched.
/// </summary>
/// <remarks>
/// A token has the permissions of its caller. The claim <c>scope</c> or <c>scp</c> has <c>pipeline.produce</c>, <c>pipeline.consume</c>,
/// <c>pipeline.operate</c> or the bare words. The claims <c>topics</c> and <c>pipelines</c> have patterns; a token without them has access
/// to all. The caller's name in the log is the claim <c>sub</c>, else <c>client_id</c>, <c>azp</c> or <c>appid</c>.
/// </remarks>
public sealed class JwtSettings : JwtBearerOptions
{
    /// <summary>Creates the settings. Claims keep the names that they have in the token.</summary>
    public JwtSettings() => MapInboundClaims = false;

    /// <summary>Keys that may sign tokens, where the gateway does not fetch the authority's keys. Default none.</summary>
    public IList<SigningKeySettings> SigningKeys { get; set; } = [];
}

/// <summary>A key that may sign tokens: one of <see cref="Secret"/>, <see cref="PublicKey"/> and <see cref="PublicKeyFile"/>.</summary>
public sealed class SigningKeySettings
{
    /// <summary>The key id that tokens name in their header <c>kid</c>; null if they name none. Default null.</summary>
    public string? Id { get; set; }

    /// <summary>
    /// The secret that the issuer shares with the gateway, for HS256 and the like: at least 32 bytes, as base64. Never logged.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>The issuer's public RSA or elliptic-curve key, as PEM.</summary>
    public string? PublicKey { get; set; }

    /// <summary>A file with <see cref="PublicKey"/>.</summary>
    public string? PublicKeyFile { get; set; }
}
