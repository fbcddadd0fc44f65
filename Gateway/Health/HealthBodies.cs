using System.ComponentModel;

namespace Orleans.Pipeline.Gateway.Health;

/// <summary>The answer of a process that answers.</summary>
internal sealed record LiveBody([property: Description("Always live.")] string Status);

/// <summary>Whether the gateway is ready, on the wire.</summary>
internal sealed record ReadyBody(
    [property: Description("ready, or unready.")] string Status,
    [property: Description("Each check.")] IReadOnlyList<ReadyCheckBody> Checks);

/// <summary>A readiness check on the wire.</summary>
internal sealed record ReadyCheckBody(
    [property: Description("What was checked.")] string Name,
    [property: Description("Healthy, Degraded or Unhealthy.")] string Status,
    [property: Description("Why.")] string? Reason);
