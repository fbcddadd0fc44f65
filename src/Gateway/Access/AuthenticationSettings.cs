using Orleans.Pipeline.Access;

namespace Orleans.Pipeline.Gateway;

/// <summary>By what the gateway knows its callers, and what each may do.</summary>
public sealed class AuthenticationSettings
{
    /// <summary>The API keys; they may change while the host runs. Default none.</summary>
    public IList<ApiKeySettings> ApiKeys { get; set; } = [];

    /// <summary>
    /// Says that the gateway is meant to be open to whoever reaches it, on other addresses than loopback too. Default false: without
    /// authentication the host does not start on such an address.
    /// </summary>
    public bool Anonymous { get; set; }

    /// <summary>Whether callers must say who they are.</summary>
    internal bool IsOn => ApiKeys.Count > 0;
}

/// <summary>What a caller may do.</summary>
public abstract class CallerSettings
{
    /// <summary>The caller's name, for the log. Required, and no two are equal.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it may do: <c>produce</c>, <c>consume</c>, <c>operate</c>. Required.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>
    /// The topics that it may do it to: names in which <c>*</c> stands for any run of characters, such as <c>orders*</c>. Default null,
    /// which is all.
    /// </summary>
    public IList<string>? Topics { get; set; }

    /// <summary>The pipelines that it may do it to, as <see cref="Topics"/>. Default null, which is all.</summary>
    public IList<string>? Pipelines { get; set; }
}

/// <summary>A caller that is known by an API key in the header <c>X-Api-Key</c>.</summary>
public sealed class ApiKeySettings : CallerSettings
{
    /// <summary>The hash of the key, as <see cref="ApiKey.Hash"/> gives it: <c>sha256:</c> and 32 bytes as base64. Required.</summary>
    public string Hash { get; set; } = "";
}
