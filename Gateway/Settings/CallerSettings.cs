namespace Orleans.Pipeline.Gateway;

/// <summary>The permissions of a caller.</summary>
public abstract class CallerSettings
{
    /// <summary>The caller's name, for the log. Required, and no two are equal.</summary>
    public string Name { get; set; } = "";

    /// <summary>The scopes: <c>produce</c>, <c>consume</c>, <c>operate</c>. Required.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>
    /// The topics that the caller may use: names in which <c>*</c> stands for any run of characters, such as <c>orders*</c>. Default null,
    /// which is all.
    /// </summary>
    public IList<string>? Topics { get; set; }

    /// <summary>The pipelines that the caller may use, as <see cref="Topics"/>. Default null, which is all.</summary>
    public IList<string>? Pipelines { get; set; }
}

/// <summary>A caller with an API key in the header <c>X-Api-Key</c>.</summary>
public sealed class ApiKeySettings : CallerSettings
{
    /// <summary>The hash of the key, as <see cref="ApiKey.Hash"/> returns it: <c>sha256:</c> and 32 bytes as base64. Required.</summary>
    public string Hash { get; set; } = "";
}

/// <summary>A caller with a client certificate.</summary>
public sealed class CertificateSettings : CallerSettings
{
    /// <summary>
    /// The SHA-256 of the whole certificate, 64 hexadecimal digits with or without colons, as
    /// <c>openssl x509 -fingerprint -sha256</c> prints it. The certificate needs no trusted issuer. Required.
    /// </summary>
    public string Thumbprint { get; set; } = "";
}
