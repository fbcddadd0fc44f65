namespace Orleans.Pipeline.Gateway;

/// <summary>
/// How the HTTP API is protected and bounded: the section <c>Gateway</c> of the configuration, or code. Checked when the host starts.
/// </summary>
public sealed class GatewaySettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway";

    /// <summary>Who may do what. Default: nobody is asked who they are, and the gateway listens on loopback only.</summary>
    public AuthenticationSettings Authentication { get; set; } = new();

    /// <summary>What a request may take.</summary>
    public GatewayLimits Limits { get; set; } = new();

    /// <summary>How long a readiness check waits for the store and the engine before it reports them as not ready. Default 5 seconds.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
