namespace Orleans.Pipeline.Gateway;

/// <summary>
/// The access rules and limits of the HTTP API: the section <c>Gateway</c> of the configuration, or code. Checked when the host starts.
/// </summary>
public sealed class GatewaySettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway";

    /// <summary>
    /// The callers that may use the API. By default callers are not authenticated, and the gateway listens on loopback only.
    /// </summary>
    public AuthenticationSettings Authentication { get; set; } = new();

    /// <summary>The limits of a request.</summary>
    public GatewayLimits Limits { get; set; } = new();

    /// <summary>
    /// How long a readiness check waits for the store and the engine. After that they count as not ready. Default 5 seconds.
    /// </summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
