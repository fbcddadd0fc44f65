using System.ComponentModel;

namespace Orleans.Pipeline.Wire;

[Description("The process is alive.")]
internal sealed record LiveBody([property: Description("Always live.")] string Status);

[Description("Whether the gateway is ready.")]
internal sealed record ReadyBody(
    [property: Description("ready, or unready.")] string Status,
    [property: Description("Each check.")] IReadOnlyList<ReadyCheckBody> Checks)
{
    public const string Ready = "ready";
    public const string Unready = "unready";
}

[Description("The result of a readiness check.")]
internal sealed record ReadyCheckBody(
    [property: Description("What was checked.")] string Name,
    [property: Description("Healthy, Degraded or Unhealthy.")] string Status,
    [property: Description("Why.")] string? Reason);
