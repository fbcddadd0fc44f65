using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Client;

/// <summary>Whether a gateway is ready for requests.</summary>
/// <param name="Status"><c>ready</c> or <c>unready</c>.</param>
/// <param name="Checks">The checks.</param>
public sealed record Readiness(string Status, IReadOnlyList<ReadinessCheck> Checks)
{
    /// <summary>Whether the gateway is ready.</summary>
    public bool IsReady => Status == ReadyBody.Ready;

    internal static Readiness Of(ReadyBody ready) =>
        new(ready.Status, [.. ready.Checks.Select(check => new ReadinessCheck(check.Name, check.Status, check.Reason))]);
}

/// <summary>One check of a gateway's readiness.</summary>
/// <param name="Name">The name of the check, such as <c>store</c> or <c>engine</c>.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Reason">The reason for the status; null if the check reports none.</param>
public sealed record ReadinessCheck(string Name, string Status, string? Reason);
